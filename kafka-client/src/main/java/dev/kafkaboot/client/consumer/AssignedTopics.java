package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatResponse.Assignment;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinator has assigned: partitions of topics that it tells by their ids.
 *
 * @param partitions the partitions of each topic
 */
record AssignedTopics(Map<Uuid, SortedSet<Integer>> partitions) {

    /** Nothing. */
    static final AssignedTopics NONE = new AssignedTopics(Map.of());

    static AssignedTopics of(Assignment assignment) {
        Map<Uuid, SortedSet<Integer>> partitions = new LinkedHashMap<>();
        assignment.topicPartitions().forEach(topic ->
                partitions.computeIfAbsent(topic.topicId(), first -> new TreeSet<>()).addAll(topic.partitions()));
        return new AssignedTopics(partitions);
    }

    static AssignedTopics of(ShareGroupHeartbeatResponse.Assignment assignment) {
        Map<Uuid, SortedSet<Integer>> partitions = new LinkedHashMap<>();
        assignment.topicPartitions().forEach(topic ->
                partitions.computeIfAbsent(topic.topicId(), first -> new TreeSet<>()).addAll(topic.partitions()));
        return new AssignedTopics(partitions);
    }

    boolean contains(Uuid topicId, int partition) {
        SortedSet<Integer> indexes = partitions.get(topicId);
        return indexes != null && indexes.contains(partition);
    }

    /** What of it can be read: partitions of topics that are subscribed to, and whose names are known. */
    SortedMap<TopicPartition, Uuid> readable(ClusterSnapshot cluster, Predicate<String> isSubscribed) {
        SortedMap<TopicPartition, Uuid> readable = new TreeMap<>();
        partitions.forEach((id, indexes) -> {
            TopicInfo topic = cluster.topic(id);
            if (topic != null && isSubscribed.test(topic.name())) {
                indexes.forEach(index -> readable.put(new TopicPartition(topic.name(), index), id));
            }
        });
        return readable;
    }

    /** A topic whose name is not known, or null: it is so new, or was made again so lately, that metadata does not tell of it yet. */
    @Nullable Uuid unknown(ClusterSnapshot cluster) {
        return partitions.keySet().stream().filter(id -> cluster.topic(id) == null).findFirst().orElse(null);
    }
}
