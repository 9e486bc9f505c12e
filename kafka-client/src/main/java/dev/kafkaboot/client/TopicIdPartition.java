package dev.kafkaboot.client;

import dev.kafkaboot.protocol.Uuid;
import java.util.Objects;

/**
 * A partition of a topic, and of no later topic of the same name.
 *
 * @param topicId the topic's id
 * @param topicPartition the topic's name and the partition
 */
public record TopicIdPartition(Uuid topicId, TopicPartition topicPartition) implements Comparable<TopicIdPartition> {

    public TopicIdPartition {
        Objects.requireNonNull(topicId, "topicId");
        Objects.requireNonNull(topicPartition, "topicPartition");
    }

    /** The topic's name. */
    public String topic() {
        return topicPartition.topic();
    }

    /** The partition's index, from 0. */
    public int partition() {
        return topicPartition.partition();
    }

    /** Orders by topic name, then by partition, then by topic id. */
    @Override
    public int compareTo(TopicIdPartition other) {
        int byName = topicPartition.compareTo(other.topicPartition);
        return byName != 0 ? byName : topicId.toString().compareTo(other.topicId.toString());
    }

    /** The form used in logs and errors: {@code orders-3}. */
    @Override
    public String toString() {
        return topicPartition.toString();
    }
}
