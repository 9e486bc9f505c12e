package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.client.serialization.Serializer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes members of share groups (KIP-932). Thread-safe.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface ShareConsumerFactory<K, V> {

    /**
     * Makes a consumer, which is its caller's to close.
     *
     * @param overrides configuration by Kafka's keys, in place of the factory's
     * @throws dev.kafkaboot.client.ConfigException if the configuration is wrong
     */
    KafkaShareConsumer<K, V> createShareConsumer(Map<String, ?> overrides);

    /**
     * Makes a consumer that hands out bytes. Listener containers use it, and read keys and values with {@link #getKeySerializer()} and
     * {@link #getValueSerializer()} on the listener's threads: so a record that cannot be read is a failure of that record alone.
     *
     * @param overrides configuration by Kafka's keys, in place of the factory's
     * @throws dev.kafkaboot.client.ConfigException if the configuration is wrong
     */
    KafkaShareConsumer<byte[], byte[]> createBytesShareConsumer(Map<String, ?> overrides);

    /**
     * What is known of the cluster that a consumer with these overrides reads from; null if the consumer's connections are its own.
     *
     * @throws dev.kafkaboot.client.ConfigException if the configuration is wrong
     */
    default @Nullable ClusterMetadata getMetadata(Map<String, ?> overrides) {
        return null;
    }

    /** What reads keys. */
    Serializer<K> getKeySerializer();

    /** What reads values. */
    Serializer<V> getValueSerializer();

    /** The configuration, by Kafka's keys. */
    Map<String, Object> getConfiguration();
}
