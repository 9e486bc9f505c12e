package dev.kafkaboot.test.fake;

/** What a partition holds. */
final class PartitionLog {

    private final FakeKafka cluster;

    PartitionLog(FakeKafka cluster) {
        this.cluster = cluster;
    }

    /** The partition was told to begin a new epoch of its leader. */
    void epochBegins(int leaderEpoch, boolean unclean) {
        cluster.timers();
    }
}
