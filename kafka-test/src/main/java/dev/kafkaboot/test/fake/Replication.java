package dev.kafkaboot.test.fake;

import java.util.ArrayDeque;

/**
 * Moves a partition's high watermark: after {@link FakeKafkaBuilder#replicationMillis}, as soon as every replica that is in sync runs; at once where the
 * leader is the only one.
 */
final class Replication {

    private final FakeKafka cluster;
    private final FakePartition partition;
    private final ArrayDeque<Step> steps = new ArrayDeque<>();
    private boolean held;

    /** What the followers will have, and from when on they can. */
    private record Step(long endOffset, long dueNanos) {}

    Replication(FakeKafka cluster, FakePartition partition) {
        this.cluster = cluster;
        this.partition = partition;
    }

    /** The log was appended to. */
    void appended(long endOffset) {
        long delayNanos = cluster.settings().replicationMillis() * 1_000_000;
        steps.add(new Step(endOffset, cluster.timers().nowNanos() + delayNanos));
        if (delayNanos > 0) {
            cluster.timers().afterNanos(delayNanos, this::proceed);
        }
        proceed();
    }

    /** The log was cut off. */
    void truncated(long endOffset) {
        steps.removeIf(step -> step.endOffset > endOffset);
    }

    /** The followers get nothing from now on. */
    void hold() {
        held = true;
    }

    /** The followers get what they were kept from. */
    void release() {
        held = false;
        proceed();
    }

    /** The followers get all there is, whether or not the time has come. */
    void finish() {
        steps.clear();
        partition.log().replicatedTo(partition.log().endOffset());
    }

    /** Looks again at how far the followers are: time has passed, or others are in sync, or run. */
    void proceed() {
        boolean alone = partition.inSync().size() <= 1;
        if (held && !alone || !partition.inSync().stream().allMatch(cluster::isRunning)) {
            return;
        }
        long now = cluster.timers().nowNanos();
        long endOffset = -1;
        for (Step next = steps.peek(); next != null && (alone || next.dueNanos <= now); next = steps.peek()) {
            endOffset = next.endOffset;
            steps.remove();
        }
        if (endOffset >= 0) {
            partition.log().replicatedTo(endOffset);
        }
    }
}
