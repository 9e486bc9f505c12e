package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.consumer.ConsumerBuilder;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes consumers of one configuration.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public class DefaultKafkaConsumerFactory<K, V> implements ConsumerFactory<K, V> {

    private final @Nullable ConnectionManager connections;
    private final Map<String, Object> config;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final List<Consumer<ConsumerBuilder<?, ?>>> customizers = new CopyOnWriteArrayList<>();

    /** A factory of consumers with connections of their own; the configuration names the bootstrap servers. */
    public DefaultKafkaConsumerFactory(Map<String, ?> config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this(null, config, keySerializer, valueSerializer);
    }

    /**
     * A factory of consumers.
     *
     * @param connections the connections that they share, or null for each to have some of its own
     * @param config the consumers' configuration, by Kafka's keys
     */
    public DefaultKafkaConsumerFactory(
            @Nullable ConnectionManager connections, Map<String, ?> config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this.connections = connections;
        this.config = new LinkedHashMap<>(config);
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
    }

    /** Changes how consumers are built, after the configuration was set. */
    public void addBuilderCustomizer(Consumer<ConsumerBuilder<?, ?>> customizer) {
        customizers.add(customizer);
    }

    @Override
    public KafkaConsumer<K, V> createConsumer(Map<String, ?> overrides) {
        return create(keySerializer, valueSerializer, overrides);
    }

    @Override
    public KafkaConsumer<byte[], byte[]> createBytesConsumer(Map<String, ?> overrides) {
        return create(Serializers.bytes(), Serializers.bytes(), overrides);
    }

    private <A, B> KafkaConsumer<A, B> create(Serializer<A> keys, Serializer<B> values, Map<String, ?> overrides) {
        ConsumerBuilder<A, B> builder = KafkaConsumer.builder(keys, values).config(config).config(overrides);
        if (connections != null) {
            builder.connections(connections);
        }
        customizers.forEach(customizer -> customizer.accept(builder));
        return builder.build();
    }

    @Override
    public Serializer<K> getKeySerializer() {
        return keySerializer;
    }

    @Override
    public Serializer<V> getValueSerializer() {
        return valueSerializer;
    }

    @Override
    public Map<String, Object> getConfiguration() {
        return Map.copyOf(config);
    }
}
