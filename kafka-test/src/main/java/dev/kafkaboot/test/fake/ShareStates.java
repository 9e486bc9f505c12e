package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Uuid;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How far the share groups of a cluster are with the partitions that they read: what share coordinators keep. It outlives the members of a group. */
final class ShareStates {

    private final FakeKafka cluster;
    private final TreeMap<String, TreeMap<GroupPartition, SharePartition>> byGroup = new TreeMap<>();

    ShareStates(FakeKafka cluster) {
        this.cluster = cluster;
    }

    /** A partition as a group reads it; null if it was not initialized, or is gone. */
    @Nullable SharePartition find(String groupId, GroupPartition key) {
        SortedMap<GroupPartition, SharePartition> own = byGroup.get(groupId);
        return own == null ? null : own.get(key);
    }

    /** All that a group reads, or has read. */
    List<SharePartition> all(String groupId) {
        return List.copyOf(byGroup.getOrDefault(groupId, new TreeMap<>()).values());
    }

    /** Lets a group read a partition; from where on is decided when somebody does. */
    SharePartition initialize(String groupId, FakePartition partition) {
        return byGroup.computeIfAbsent(groupId, id -> new TreeMap<>())
                .computeIfAbsent(keyOf(partition), key -> new SharePartition(partition, new ShareConfigs(cluster, groupId), cluster.timers(),
                        new ShareEvents(cluster, groupId)));
    }

    static GroupPartition keyOf(FakePartition partition) {
        return new GroupPartition(partition.topic().id(), partition.index());
    }

    /** A group forgets a topic. */
    boolean forget(String groupId, Uuid topicId) {
        return byGroup.getOrDefault(groupId, new TreeMap<>()).keySet().removeIf(key -> key.topicId().equals(topicId));
    }

    /** Everybody forgets a topic. */
    void forgetTopic(Uuid topicId) {
        byGroup.keySet().forEach(group -> forget(group, topicId));
    }

    /** A group is deleted. */
    void forget(String groupId) {
        byGroup.remove(groupId);
    }
}
