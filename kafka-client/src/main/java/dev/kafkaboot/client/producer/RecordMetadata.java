package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.TopicPartition;

/**
 * Where an acknowledged record is.
 *
 * @param topicPartition the topic and the partition
 * @param offset the offset, or -1 if the broker does not tell (acks=0)
 * @param timestamp the record's timestamp in milliseconds since the epoch: the broker's, where the topic keeps the time of appending
 * @param serializedKeySize the key's bytes, or -1 if it is null
 * @param serializedValueSize the value's bytes, or -1 if it is null
 */
public record RecordMetadata(
        TopicPartition topicPartition, long offset, long timestamp, int serializedKeySize, int serializedValueSize) {

    /** The topic. */
    public String topic() {
        return topicPartition.topic();
    }

    /** The partition. */
    public int partition() {
        return topicPartition.partition();
    }

    /** The form used in logs: {@code orders-3@42}. */
    @Override
    public String toString() {
        return topicPartition + "@" + offset;
    }
}
