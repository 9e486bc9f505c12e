package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ProduceResponse;
import java.util.List;
import java.util.TreeMap;

/** Tells whoever asked the wrong broker which is the right one (KIP-951). */
final class CurrentLeaders {

    private static final int FIRST_PRODUCE_VERSION = 10;

    private CurrentLeaders() {}

    /** Completes a response where a partition has another leader. */
    static void addTo(ProduceResponse response, List<PartitionWrite> writes, FakeKafka cluster, int version) {
        if (version < FIRST_PRODUCE_VERSION) {
            return;
        }
        TreeMap<Integer, ProduceResponse.NodeEndpoint> endpoints = new TreeMap<>();
        for (PartitionWrite write : writes) {
            FakePartition partition = write.partition();
            if (partition == null || write.response().errorCode() != ErrorCode.NOT_LEADER_OR_FOLLOWER.code()) {
                continue;
            }
            write.response().currentLeader(
                    new ProduceResponse.LeaderIdAndEpoch().leaderId(partition.leader()).leaderEpoch(partition.leaderEpoch()));
            if (cluster.isKnown(partition.leader())) {
                FakeBroker leader = cluster.broker(partition.leader());
                endpoints.put(leader.id(), new ProduceResponse.NodeEndpoint()
                        .nodeId(leader.id())
                        .host(leader.host())
                        .port(leader.port())
                        .rack(leader.rack()));
            }
        }
        response.nodeEndpoints(List.copyOf(endpoints.values()));
    }
}
