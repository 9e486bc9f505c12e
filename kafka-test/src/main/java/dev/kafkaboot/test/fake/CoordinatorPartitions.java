package dev.kafkaboot.test.fake;

import org.jspecify.annotations.Nullable;

/** Which partition of an internal topic belongs to a transactional id or a group; its leader is the coordinator. */
final class CoordinatorPartitions {

    static final String TRANSACTIONS = "__transaction_state";
    static final String OFFSETS = "__consumer_offsets";

    private CoordinatorPartitions() {}

    /** Whether a broker is the coordinator of a transactional id or group. */
    static boolean isLedBy(FakeBroker broker, FakeKafka cluster, String internalTopic, String key) {
        FakePartition partition = of(cluster, internalTopic, key);
        return partition != null && partition.leader() == broker.id();
    }

    /** Whether a transactional id or group has a coordinator that runs. */
    static boolean hasCoordinator(FakeKafka cluster, String internalTopic, String key) {
        FakePartition partition = of(cluster, internalTopic, key);
        return partition != null && cluster.isRunning(partition.leader());
    }

    private static @Nullable FakePartition of(FakeKafka cluster, String internalTopic, String key) {
        FakeTopic topic = cluster.topics().find(internalTopic);
        return topic == null ? null : topic.partition(indexOf(key, topic.partitions().size()));
    }

    /** The index of the partition that a transactional id or group belongs to, as Kafka computes it. */
    static int indexOf(String key, int partitions) {
        int hash = key.hashCode();
        return hash == Integer.MIN_VALUE ? 0 : Math.abs(hash) % partitions;
    }
}
