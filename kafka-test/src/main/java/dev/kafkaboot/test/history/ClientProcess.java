package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Assign;
import dev.kafkaboot.test.history.Action.Change;
import dev.kafkaboot.test.history.Action.Close;
import dev.kafkaboot.test.history.Action.Commit;
import dev.kafkaboot.test.history.Action.Committed;
import dev.kafkaboot.test.history.Action.Finished;
import dev.kafkaboot.test.history.Action.Poll;
import dev.kafkaboot.test.history.Action.Rebalance;
import dev.kafkaboot.test.history.Action.Seek;
import dev.kafkaboot.test.history.Action.Send;
import dev.kafkaboot.test.history.Action.Subscribe;
import dev.kafkaboot.test.history.Action.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One client of a history, through which its operations are recorded: one incarnation, from its construction to its close or crash. Safe for any number
 * of threads; but sends have an order only if one thread records them.
 *
 * <p>What returns an invocation records a beginning, and is called just before the client is; what returns nothing records something that takes no time.
 */
public final class ClientProcess {

    private final History history;
    private final ProcessId id;
    private volatile boolean crashed;

    ClientProcess(History history, ProcessId id) {
        this.history = history;
        this.id = id;
    }

    /** Which client, and which incarnation of it. */
    public ProcessId id() {
        return id;
    }

    /** A record with a new value is about to be sent to a partition. */
    public SendInvocation send(String topic, int partition) {
        return send(topic, partition, -1);
    }

    /** A record with a new value is about to be sent to the partition that the partitioner chooses. */
    public SendInvocation send(String topic) {
        return send(topic, PartitionId.UNKNOWN, -1);
    }

    SendInvocation send(String topic, int partition, int transaction) {
        HistoryValue value = history.newValue(topic, partition, id);
        int number = invoke(new Send(value, value.target(), Action.NO_OFFSET), transaction);
        return new SendInvocation(history, number, value);
    }

    /** A transaction is about to begin. */
    public TransactionInvocation transaction() {
        return new TransactionInvocation(this, history, invoke(new Transaction(null, -1, -1), -1));
    }

    /** Records are about to be asked for. */
    public PollInvocation poll() {
        return new PollInvocation(history, invoke(new Poll(List.of()), -1));
    }

    /** A record that was handed out has been dealt with: for listeners that commit what is finished, in whatever order it finishes. */
    public void finished(String topic, int partition, long offset) {
        history.happened(live(), new Finished(new PartitionId(topic, partition), offset));
    }

    /** Offsets of the process's group are about to be committed. */
    public Invocation commit(Map<PartitionId, Long> offsets) {
        return commit(offsets, /* automatic= */ false);
    }

    /** The offset of one partition is about to be committed. */
    public Invocation commit(String topic, int partition, long offset) {
        return commit(Action.offsets(new PartitionId(topic, partition), offset));
    }

    /** The client is about to commit unasked: as seen by a listener, or by the broker. */
    public Invocation commitAutomatically(Map<PartitionId, Long> offsets) {
        return commit(offsets, /* automatic= */ true);
    }

    private Invocation commit(Map<PartitionId, Long> offsets, boolean automatic) {
        return new Invocation(history, invoke(new Commit(group(), new TreeMap<>(offsets), automatic), -1));
    }

    /** The committed offsets of the process's group are about to be asked for. */
    public CommittedInvocation committedOffsets(Collection<PartitionId> partitions) {
        Committed question = new Committed(group(), List.copyOf(partitions), new TreeMap<>());
        return new CommittedInvocation(history, invoke(question, -1), question);
    }

    /** The partitions to read are about to be set; none ends it. */
    public Invocation assign(Collection<PartitionId> partitions) {
        return new Invocation(history, invoke(new Assign(List.copyOf(partitions)), -1));
    }

    /** The topics to read with the group are about to be set; none ends it. */
    public Invocation subscribe(String... topics) {
        return new Invocation(history, invoke(new Subscribe(List.of(topics)), -1));
    }

    /** A partition's position is about to be set. */
    public Invocation seek(String topic, int partition, long offset) {
        return new Invocation(history, invoke(new Seek(new PartitionId(topic, partition), offset), -1));
    }

    /** A partition's position is about to be set to where it begins. */
    public Invocation seekToBeginning(String topic, int partition) {
        return seek(topic, partition, 0);
    }

    /** A partition's position is about to be set to where nobody knows before: its end, or what belongs to a time. */
    public Invocation seekSomewhere(String topic, int partition) {
        return seek(topic, partition, Action.NO_OFFSET);
    }

    /** The group has given partitions, in addition to those that the process has. Record it before the consumer may hand out their records. */
    public void assigned(Collection<PartitionId> partitions) {
        history.happened(live(), new Rebalance(Change.ASSIGNED, List.copyOf(partitions)));
    }

    /** The group takes partitions back, in good order. Record it when nothing is committed for them any more. */
    public void revoked(Collection<PartitionId> partitions) {
        history.happened(live(), new Rebalance(Change.REVOKED, List.copyOf(partitions)));
    }

    /** The group has taken partitions away; others may have them already. */
    public void lost(Collection<PartitionId> partitions) {
        history.happened(live(), new Rebalance(Change.LOST, List.copyOf(partitions)));
    }

    /** The process is about to be told to end. */
    public Invocation close() {
        return new Invocation(history, invoke(new Close(), -1));
    }

    /** The process has ended without warning: what it has under way is unknown for ever. Nothing can be recorded of it any more. */
    public void crash() {
        live();
        crashed = true;
        history.crash(id);
    }

    int invoke(Action action, int transaction) {
        return history.invoke(live(), action, transaction);
    }

    private ProcessId live() {
        if (crashed) {
            throw new IllegalStateException(id + " has crashed: what takes over is another process");
        }
        return id;
    }

    private String group() {
        String group = id.group();
        if (group == null) {
            throw new IllegalStateException(id + " was given no group, and has no offsets to commit");
        }
        return group;
    }
}
