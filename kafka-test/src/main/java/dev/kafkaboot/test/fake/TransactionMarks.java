package dev.kafkaboot.test.fake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the marks that end a transaction, one to each partition that took part, however long it takes until each has a leader and followers that have it. */
final class TransactionMarks {

    private static final long NOT_WRITTEN = -1;

    private final FakeKafka cluster;
    private final Mark mark;
    private final Map<FakePartition, Long> requiredOffsets = new LinkedHashMap<>();
    private final Runnable done;
    private final Runnable watcher = this::look;
    private boolean looking;
    private boolean changed;

    /**
     * What a mark says.
     *
     * @param eachHasItsEpoch whether every transaction ends in an epoch of its own (KIP-890)
     */
    record Mark(long producerId, short epoch, boolean commit, boolean eachHasItsEpoch) {}

    TransactionMarks(FakeKafka cluster, Mark mark, List<FakePartition> partitions, Runnable done) {
        this.cluster = cluster;
        this.mark = mark;
        this.done = done;
        partitions.forEach(partition -> requiredOffsets.put(partition, NOT_WRITTEN));
    }

    void write() {
        requiredOffsets.keySet().forEach(partition -> partition.log().watch(watcher));
        look();
    }

    private void look() {
        changed = true;
        if (looking) {
            return; // writing a mark changes the log that is watched, and wakes others, who may change any
        }
        looking = true;
        while (changed) {
            changed = false;
            List.copyOf(requiredOffsets.keySet()).forEach(this::settle);
        }
        looking = false;
        if (requiredOffsets.isEmpty()) {
            done.run();
        }
    }

    private void settle(FakePartition partition) {
        if (isSettled(partition)) {
            partition.log().unwatch(watcher);
            requiredOffsets.remove(partition);
        }
    }

    private boolean isSettled(FakePartition partition) {
        if (cluster.topics().find(partition.topic().id()) == null) {
            return true;
        }
        if (requiredOffsets.getOrDefault(partition, NOT_WRITTEN) > partition.log().endOffset()) {
            requiredOffsets.put(partition, NOT_WRITTEN); // its leader died with it
        }
        long required = requiredOffsets.getOrDefault(partition, NOT_WRITTEN);
        if (required != NOT_WRITTEN) {
            return partition.log().highWatermark() >= required;
        }
        if (!cluster.isRunning(partition.leader())) {
            return false;
        }
        try {
            long writtenTo = partition.log().appendMark(mark, partition.leaderEpoch());
            requiredOffsets.put(partition, writtenTo);
            return partition.log().highWatermark() >= writtenTo;
        } catch (RefusedException newerProducerIsHere) {
            return true;
        }
    }
}
