package dev.kafkaboot.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition as the cluster's metadata describes it.
 *
 * @param topic the topic's name
 * @param partition the partition's index
 * @param leader the broker that leads it, or null while it has none
 * @param leaderEpoch the leader's epoch, or -1 if the broker did not tell
 * @param replicas all replicas
 * @param inSyncReplicas those in sync
 * @param offlineReplicas those that are offline
 */
public record PartitionInfo(
        String topic,
        int partition,
        @Nullable Node leader,
        int leaderEpoch,
        List<Node> replicas,
        List<Node> inSyncReplicas,
        List<Node> offlineReplicas) {

    public PartitionInfo {
        replicas = List.copyOf(replicas);
        inSyncReplicas = List.copyOf(inSyncReplicas);
        offlineReplicas = List.copyOf(offlineReplicas);
    }
}
