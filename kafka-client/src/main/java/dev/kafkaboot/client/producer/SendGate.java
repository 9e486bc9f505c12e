package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TransactionStateException;
import dev.kafkaboot.client.net.EventLoop;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets records into the open transaction, and none once its end was asked for. Any thread enters and leaves; the loop opens and closes.
 *
 * <p>The sender: (1) counts that it enters, (2) sees whether the gate is open, (3) appends, (4) counts that it leaves, (5) tells the loop if the gate was closed
 * meanwhile. The loop: (a) closes, (b) looks whether all have left. Who is past (2) when (a) happens is counted before (b) looks, and tells it; who comes
 * later is refused. Counters are striped, so threads that send do not wait for each other.
 */
final class SendGate {

    private final LongAdder entered = new LongAdder();
    private final LongAdder left = new LongAdder();
    private final EventLoop loop;
    private final Runnable onLeft;
    private volatile Passage passage;

    /**
     * What the gate is.
     *
     * @param transaction the number of the open transaction
     * @param refusal why nothing is let in, or null if something is
     */
    private record Passage(long transaction, @Nullable Supplier<KafkaException> refusal) {}

    /**
     * A closed gate.
     *
     * @param onLeft runs on the loop when somebody has left a gate that was closed meanwhile
     */
    SendGate(EventLoop loop, Supplier<KafkaException> refusal, Runnable onLeft) {
        this.loop = loop;
        this.onLeft = onLeft;
        this.passage = new Passage(0, refusal);
    }

    /** The number of the open transaction; throws if there is none that takes records. */
    long transaction() {
        Passage now = passage;
        if (now.refusal != null) {
            throw now.refusal.get();
        }
        return now.transaction;
    }

    /** Enters, unless the transaction takes no more; whoever did must {@link #leave}. */
    void enter(long transaction) {
        boolean isIn = false;
        entered.increment();
        try {
            Passage now = passage;
            if (now.refusal != null) {
                throw now.refusal.get();
            }
            if (now.transaction != transaction) {
                throw new TransactionStateException("The transaction has ended before the record was taken");
            }
            isIn = true;
        } finally {
            if (!isIn) {
                leave();
            }
        }
    }

    void leave() {
        left.increment();
        if (passage.refusal != null) {
            LoopTasks.post(loop, onLeft);
        }
    }

    /** Lets records in. On the loop. */
    void open(long transaction) {
        passage = new Passage(transaction, null);
    }

    /** Lets nothing in any more. On the loop. */
    void close(Supplier<KafkaException> refusal) {
        passage = new Passage(passage.transaction, refusal);
    }

    /** Whether nobody is inside; once that is so of a closed gate, it stays so. On the loop. */
    boolean isEmpty() {
        long out = left.sum(); // first: nobody leaves before having entered
        return out == entered.sum();
    }
}
