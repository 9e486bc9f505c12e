package dev.kafkaboot.client;

import java.util.Objects;

/**
 * A partition of a topic.
 *
 * @param topic the topic's name
 * @param partition the partition's index, from 0
 */
public record TopicPartition(String topic, int partition) implements Comparable<TopicPartition> {

    public TopicPartition {
        Objects.requireNonNull(topic, "topic");
    }

    /** Orders by topic name, then by partition. */
    @Override
    public int compareTo(TopicPartition other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    /** The form used in logs and errors: {@code orders-3}. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
