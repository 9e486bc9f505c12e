package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Headers;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record to send.
 *
 * @param topic the topic
 * @param partition the partition, or null to let the partitioner choose
 * @param timestamp milliseconds since the epoch, or null for the time of sending
 * @param key the key, or null
 * @param value the value, or null for a tombstone
 * @param headers the headers, which a serializer may add to
 * @param <K> the key's type
 * @param <V> the value's type
 */
public record ProducerRecord<K, V>(
        String topic, @Nullable Integer partition, @Nullable Long timestamp, @Nullable K key, @Nullable V value, Headers headers) {

    /**
     * Checks what can be checked without the cluster.
     *
     * @throws IllegalArgumentException if the partition or the timestamp is negative
     */
    public ProducerRecord {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(headers, "headers");
        if (partition != null && partition < 0) {
            throw new IllegalArgumentException("A partition cannot be negative: " + partition);
        }
        if (timestamp != null && timestamp < 0) {
            throw new IllegalArgumentException("A timestamp cannot be negative: " + timestamp);
        }
    }

    public ProducerRecord(String topic, @Nullable V value) {
        this(topic, null, null, null, value, new Headers());
    }

    public ProducerRecord(String topic, @Nullable K key, @Nullable V value) {
        this(topic, null, null, key, value, new Headers());
    }

    public ProducerRecord(String topic, @Nullable Integer partition, @Nullable K key, @Nullable V value) {
        this(topic, partition, null, key, value, new Headers());
    }

    public ProducerRecord(
            String topic, @Nullable Integer partition, @Nullable Long timestamp, @Nullable K key, @Nullable V value) {
        this(topic, partition, timestamp, key, value, new Headers());
    }
}
