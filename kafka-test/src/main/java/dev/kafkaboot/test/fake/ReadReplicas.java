package dev.kafkaboot.test.fake;

/** Chooses whom a consumer should read from: a replica in its own rack, where the cluster is told to (KIP-392). */
final class ReadReplicas {

    /** The leader serves. */
    static final int NONE = -1;

    private ReadReplicas() {}

    /** The id of the replica that the leader would rather have asked, or {@link #NONE}. */
    static int preferred(FakeKafka cluster, FakePartition partition, FakeBroker asked, String rack, long fetchOffset) {
        boolean followersCanServe = cluster.settings().rackAwareReads() && partition.leader() == asked.id() && !rack.isEmpty();
        boolean followersHaveIt =
                fetchOffset >= partition.log().startOffset() && fetchOffset <= partition.log().highWatermark();
        if (!followersCanServe || !followersHaveIt || rack.equals(asked.rack())) {
            return NONE;
        }
        return partition.inSync().stream()
                .filter(id -> cluster.isRunning(id) && rack.equals(cluster.broker(id).rack()))
                .findFirst()
                .orElse(NONE);
    }
}
