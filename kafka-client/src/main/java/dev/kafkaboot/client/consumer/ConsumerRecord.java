package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.record.TimestampType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record that was read.
 *
 * @param topicPartition where it was
 * @param offset where it was
 * @param timestamp milliseconds since the epoch, or -1 if it has none
 * @param timestampType what the timestamp tells
 * @param key the key, or null
 * @param value the value, or null, which in a compacted topic deletes the key
 * @param headers the headers; if there are none, they are shared and refuse changes
 * @param leaderEpoch the epoch of the leader that wrote it, if known
 * @param serializedKeySize the key's size in bytes, or -1 if it is null
 * @param serializedValueSize the value's size in bytes, or -1 if it is null
 * @param deliveryCount how often the record was delivered in its share group, this time included; empty if it was not read by a {@link KafkaShareConsumer}
 * @param <K> the keys' type
 * @param <V> the values' type
 */
public record ConsumerRecord<K, V>(
        TopicPartition topicPartition,
        long offset,
        long timestamp,
        TimestampType timestampType,
        @Nullable K key,
        @Nullable V value,
        Headers headers,
        Optional<Integer> leaderEpoch,
        int serializedKeySize,
        int serializedValueSize,
        Optional<Short> deliveryCount) {

    /** A record that was not delivered in a share group. */
    public ConsumerRecord(
            String topic, int partition, long offset, long timestamp, TimestampType timestampType, @Nullable K key, @Nullable V value, Headers headers,
            Optional<Integer> leaderEpoch, int serializedKeySize, int serializedValueSize) {
        this(new TopicPartition(topic, partition), offset, timestamp, timestampType, key, value, headers, leaderEpoch, serializedKeySize,
                serializedValueSize, Optional.empty());
    }

    /** A record with what matters most; the rest is not known. For tests. */
    public ConsumerRecord(String topic, int partition, long offset, @Nullable K key, @Nullable V value) {
        this(topic, partition, offset, -1, TimestampType.NO_TIMESTAMP, key, value, new Headers(), Optional.empty(), -1, -1);
    }

    /** The topic it was in. */
    public String topic() {
        return topicPartition.topic();
    }

    /** The partition it was in. */
    public int partition() {
        return topicPartition.partition();
    }
}
