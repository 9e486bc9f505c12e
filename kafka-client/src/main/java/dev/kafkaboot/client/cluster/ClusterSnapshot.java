package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.Uuid;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the cluster at one moment. Immutable, so any thread may read it.
 *
 * <p>Brokers and topics are told in an order of their own, not in that of a hash table, because what is chosen among them must be the same in each run
 * of a simulation.
 */
public final class ClusterSnapshot {

    /** Before anything is known. */
    static final ClusterSnapshot EMPTY = new ClusterSnapshot(null, Map.of(), null, Map.of());

    private final @Nullable String clusterId;
    private final Map<Integer, Node> nodes;
    private final @Nullable Node controller;
    private final Map<String, TopicInfo> topics;
    private final Map<Uuid, TopicInfo> topicsById = new HashMap<>();

    ClusterSnapshot(
            @Nullable String clusterId, Map<Integer, Node> nodes, @Nullable Node controller, Map<String, TopicInfo> topics) {
        this.clusterId = clusterId;
        this.nodes = sorted(nodes);
        this.controller = controller;
        this.topics = sorted(topics);
        for (TopicInfo topic : topics.values()) {
            if (!topic.id().equals(Uuid.ZERO)) {
                topicsById.put(topic.id(), topic);
            }
        }
    }

    /** A copy that is iterated in the order of the keys and looked into as quickly as a hash table. */
    private static <K extends Comparable<K>, V> Map<K, V> sorted(Map<K, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(new TreeMap<>(map)));
    }

    /** Whether no broker has been reached yet. */
    public boolean isEmpty() {
        return nodes.isEmpty();
    }

    /** The cluster's id, or null if it is not known. */
    public @Nullable String clusterId() {
        return clusterId;
    }

    /** The brokers that are up, in the order of their ids. */
    public Collection<Node> nodes() {
        return nodes.values();
    }

    /** A broker by its id, or null if the cluster does not show it now. */
    public @Nullable Node node(int id) {
        return nodes.get(id);
    }

    /** The broker that takes requests for the controller, or null if none is known. */
    public @Nullable Node controller() {
        return controller;
    }

    /** The topics that were asked for, missing ones included, in the order of their names. */
    public Collection<TopicInfo> topics() {
        return topics.values();
    }

    /** A topic by its name, or null if nothing was heard of it yet. */
    public @Nullable TopicInfo topic(String name) {
        return topics.get(name);
    }

    /** A topic by its id, or null if nothing was heard of it. */
    public @Nullable TopicInfo topic(Uuid id) {
        return topicsById.get(id);
    }

    /** How many partitions a topic has, or 0 if it is not known. */
    public int partitionCount(String topic) {
        TopicInfo info = topics.get(topic);
        return info == null ? 0 : info.partitionCount();
    }

    /** A partition, or null if it is not known. */
    public @Nullable PartitionInfo partition(TopicPartition partition) {
        TopicInfo topic = topics.get(partition.topic());
        return topic == null ? null : topic.partition(partition.partition());
    }

    /** The leader of a partition, or null if it has none now or is not known. */
    public @Nullable Node leader(TopicPartition partition) {
        PartitionInfo info = partition(partition);
        return info == null ? null : info.leader();
    }

    /** The epoch of a partition's leader, or -1 if it is not known. */
    public int leaderEpoch(TopicPartition partition) {
        PartitionInfo info = partition(partition);
        return info == null ? -1 : info.leaderEpoch();
    }

    Map<String, TopicInfo> topicsByName() {
        return topics;
    }

    Map<Integer, Node> nodesById() {
        return nodes;
    }
}
