package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.InterruptException;
import dev.kafkaboot.client.TransactionStateException;
import dev.kafkaboot.client.UnknownCommitOutcomeException;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.net.UninterruptedWait;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Users' calls about transactions, and how they wait for what becomes of them. Any thread. */
final class TransactionCalls {

    private final ClientConnections connections;
    private final EventLoop loop;
    private final @Nullable Transactions transactions;

    /**
     * Calls to one producer.
     *
     * @param transactions its transactions, or null if it is not transactional
     */
    TransactionCalls(ClientConnections connections, @Nullable Transactions transactions) {
        this.connections = connections;
        this.loop = connections.loop();
        this.transactions = transactions;
    }

    <T> CompletableFuture<T> onLoop(Function<Transactions, CompletableFuture<T>> call) {
        Transactions known = transactions;
        if (known == null) {
            return CompletableFuture.failedFuture(new TransactionStateException(
                    "The producer is not transactional; give it a " + ProducerConfig.TRANSACTIONAL_ID.name()));
        }
        return connections.handOver(() -> call.apply(known));
    }

    /** An end of a transaction; its outcome is told when the future has it. */
    <T> CompletableFuture<T> ending(Function<Transactions, CompletableFuture<T>> call) {
        return endOnLoop(known -> call.apply(known).whenComplete((done, failure) -> {
            if (failure == null) {
                known.told();
            }
        }));
    }

    /** Calls for an end of a transaction. If the producer, its connections or its loop end before that is known, it says if it may be a commit all the same. */
    private <T> CompletableFuture<T> endOnLoop(Function<Transactions, CompletableFuture<T>> call) {
        AtomicReference<@Nullable TransactionEnd> asked = new AtomicReference<>();
        return this.<T>onLoop(known -> {
            CompletableFuture<T> outcome = call.apply(known);
            TransactionEnd last = known.lastEnd();
            asked.set(last == null || last.outcome().isDone() ? null : last); // one that is over is none of this call's
            return outcome;
        }).exceptionallyCompose(failure -> {
            TransactionEnd end = asked.get();
            Throwable cause = Failures.cause(failure);
            return CompletableFuture.failedFuture(cause instanceof ClientClosedException && end != null && end.mayBeCommitted()
                    ? UnknownCommitOutcomeException.forGood("Whether the transaction was committed is not known: " + cause.getMessage(), cause)
                    : cause);
        });
    }

    <T> T join(CompletableFuture<T> future, Duration limit, String what) {
        return loop.join(future, patience(limit), () -> what);
    }

    /** Waits for an end of a transaction; its outcome is told when the calling thread has it, and not if that is interrupted before. */
    <T> T joinEnd(Function<Transactions, CompletableFuture<T>> call, Duration limit, String what) {
        T outcome = join(endOnLoop(call), limit, what);
        if (transactions != null) {
            LoopTasks.post(loop, transactions::told);
        }
        return outcome;
    }

    /** Begins, after initialising if need be. A thread that is interrupted beforehand begins nothing; one that is interrupted meanwhile waits all the same. */
    void begin(Duration limit) {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptException("Interrupted before the beginning of a transaction", new InterruptedException());
        }
        CompletableFuture<Void> begun = onLoop(known -> known.initAndBegin(limit));
        try {
            joinUninterrupted(begun, limit, "the beginning of a transaction");
        } catch (RuntimeException failure) {
            begun.thenRun(() -> ending(known -> known.abort(limit))); // should the loop get round to it yet
            throw failure;
        }
    }

    /** Waits even if the calling thread is interrupted. */
    <T> T joinUninterrupted(CompletableFuture<T> future, Duration limit, String what) {
        return UninterruptedWait.join(loop, future, patience(limit), what);
    }

    /** How long a thread waits for a future that has a limit itself, and a better message: this is for a loop that does not get round to it. */
    private static Duration patience(Duration limit) {
        return Duration.ofNanos(Times.nanos(limit)).plus(KafkaProducer.LAST_WORDS); // a limit "for ever" cannot be added to
    }
}
