package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Commit;
import dev.kafkaboot.test.history.Action.End;
import dev.kafkaboot.test.history.Action.Poll;
import dev.kafkaboot.test.history.Action.Transaction;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A transaction that has begun. Operations made through it belong to it.
 *
 * <p>Before the client is asked to end it, say so with {@link #committing} or {@link #aborting}; when the answer is there, complete it with
 * {@link #committed}, {@link #aborted}, or what else became of it. A transaction that was never asked to commit counts as not committed, however it ended.
 */
public final class TransactionInvocation extends Invocation {

    private final ClientProcess owner;

    TransactionInvocation(ClientProcess owner, History history, int number) {
        super(history, number);
        this.owner = owner;
    }

    /** A record is about to be sent to a partition. */
    public SendInvocation send(String topic, int partition) {
        return owner.send(topic, partition, number());
    }

    /** A record is about to be sent to the partition that the partitioner chooses. */
    public SendInvocation send(String topic) {
        return owner.send(topic, PartitionId.UNKNOWN, number());
    }

    /** A consumer is about to be polled; what it reads belongs to what this transaction processes. */
    public PollInvocation poll(ClientProcess consumer) {
        return new PollInvocation(history(), consumer.invoke(new Poll(List.of()), number()));
    }

    /** Offsets of a group are about to be added to the transaction. */
    public Invocation commitOffsets(String group, Map<PartitionId, Long> offsets) {
        return new Invocation(history(), owner.invoke(new Commit(group, new TreeMap<>(offsets), /* automatic= */ false), number()));
    }

    /** The transaction is about to be committed. */
    public void committing() {
        asked(End.COMMIT);
    }

    /** The transaction is about to be aborted. */
    public void aborting() {
        asked(End.ABORT);
    }

    /** It was committed. */
    public void committed() {
        ok();
    }

    /** It was aborted, and cannot be committed any more. */
    public void aborted() {
        fail("aborted");
    }

    private void asked(End end) {
        Operation.Moment now = history().tick();
        history().update(number(), action -> action instanceof Transaction open && open.end() == null
                ? new Transaction(end, now.position(), now.nanos()) : action);
    }
}
