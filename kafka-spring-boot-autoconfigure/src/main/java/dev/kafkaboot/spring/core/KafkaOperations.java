package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.client.producer.ProducerRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/**
 * What a {@link KafkaTemplate} does, as an interface.
 *
 * <p>Nothing waits for the broker or for metadata. A future completes when the broker has acknowledged the record; what was wrong, wherever it was wrong,
 * fails the future with a {@link KafkaProducerException}. A send waits only while the producer's buffer is full, up to {@code max.block.ms}.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface KafkaOperations<K, V> {

    /** Sends a value without a key to the default topic. */
    CompletableFuture<SendResult<K, V>> sendDefault(@Nullable V data);

    /** Sends to the default topic. */
    CompletableFuture<SendResult<K, V>> sendDefault(@Nullable K key, @Nullable V data);

    /** Sends to a partition of the default topic. */
    CompletableFuture<SendResult<K, V>> sendDefault(@Nullable Integer partition, @Nullable K key, @Nullable V data);

    /** Sends to a partition of the default topic, with a time-stamp in milliseconds since 1970. */
    CompletableFuture<SendResult<K, V>> sendDefault(@Nullable Integer partition, @Nullable Long timestamp, @Nullable K key, @Nullable V data);

    /** Sends a value without a key. */
    CompletableFuture<SendResult<K, V>> send(String topic, @Nullable V data);

    /** Sends a key and a value; null as the value deletes the key in a compacted topic. */
    CompletableFuture<SendResult<K, V>> send(String topic, @Nullable K key, @Nullable V data);

    /** Sends to a partition; null lets the partitioner choose. */
    CompletableFuture<SendResult<K, V>> send(String topic, @Nullable Integer partition, @Nullable K key, @Nullable V data);

    /** Sends to a partition, with a time-stamp in milliseconds since 1970; null for each lets the producer choose. */
    CompletableFuture<SendResult<K, V>> send(
            String topic, @Nullable Integer partition, @Nullable Long timestamp, @Nullable K key, @Nullable V data);

    /** Sends a record. */
    CompletableFuture<SendResult<K, V>> send(ProducerRecord<K, V> record);

    /**
     * Sends a message: topic, partition, key and time-stamp are in its headers ({@link dev.kafkaboot.spring.support.KafkaHeaders}), other headers go with
     * the record, and the payload {@link dev.kafkaboot.spring.support.KafkaNull} stands for no value.
     */
    CompletableFuture<SendResult<K, V>> send(Message<?> message);

    /** The partitions of a topic. */
    List<PartitionInfo> partitionsFor(String topic);

    /** Uses the producer itself. */
    <T> T execute(ProducerCallback<K, V, T> callback);

    /** Sends what is buffered at once, and waits until all of it is acknowledged or has failed. */
    void flush();
}
