package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.client.consumer.ShareConsumerBuilder;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes members of share groups, of one configuration.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public class DefaultShareConsumerFactory<K, V> implements ShareConsumerFactory<K, V> {

    private final FactoryConfig config;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final List<Consumer<ShareConsumerBuilder<?, ?>>> customizers = new CopyOnWriteArrayList<>();

    /** A factory of consumers with connections of their own; the configuration names the bootstrap servers. */
    public DefaultShareConsumerFactory(Map<String, ?> config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this(ConnectionSource.none(), config, keySerializer, valueSerializer);
    }

    /**
     * A factory of consumers.
     *
     * @param connections says which connections each of them uses
     * @param config the consumers' configuration, by Kafka's keys
     */
    public DefaultShareConsumerFactory(
            ConnectionSource connections, Map<String, ?> config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this.config = new FactoryConfig(connections, config);
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
    }

    /**
     * Changes how consumers are built, after the configuration was set. Nothing of the overrides of a single consumer is changed, as whoever asks for it relies on them.
     * What concerns connections is refused there if these are shared: it belongs into the configuration or the overrides.
     */
    public void addBuilderCustomizer(Consumer<ShareConsumerBuilder<?, ?>> customizer) {
        customizers.add(customizer);
    }

    @Override
    public KafkaShareConsumer<K, V> createShareConsumer(Map<String, ?> overrides) {
        return create(UnclosedSerializer.of(keySerializer), UnclosedSerializer.of(valueSerializer), overrides);
    }

    @Override
    public KafkaShareConsumer<byte[], byte[]> createBytesShareConsumer(Map<String, ?> overrides) {
        return create(Serializers.bytes(), Serializers.bytes(), overrides);
    }

    private <A, B> KafkaShareConsumer<A, B> create(Serializer<A> keys, Serializer<B> values, Map<String, ?> overrides) {
        ShareConsumerBuilder<A, B> builder = KafkaShareConsumer.builder(keys, values);
        config.give(config.with(overrides), builder::config, builder::connections);
        customizers.forEach(customizer -> customizer.accept(builder));
        builder.config(ConnectionSource.withoutConnections(overrides)); // whoever asks for this consumer relies on them
        return builder.build();
    }

    @Override
    public @Nullable ClusterMetadata getMetadata(Map<String, ?> overrides) {
        return config.metadata(config.with(overrides));
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
        return config.values();
    }
}
