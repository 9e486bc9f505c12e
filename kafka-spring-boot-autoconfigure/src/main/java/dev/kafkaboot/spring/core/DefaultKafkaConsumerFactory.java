package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.consumer.CommitMarks;
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

    private static final String COMMIT_MARKS = "commit.marks";
    private static final String MAX_UNMARKED_RECORDS = "max.unmarked.records";

    private final FactoryConfig config;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final List<Consumer<ConsumerBuilder<?, ?>>> customizers = new CopyOnWriteArrayList<>();
    private final List<Consumer<ConsumerBuilder<byte[], byte[]>>> bytesCustomizers = new CopyOnWriteArrayList<>();
    private final List<Consumer<ConsumerBuilder<K, V>>> typedCustomizers = new CopyOnWriteArrayList<>();

    /** A factory of consumers with connections of their own; the configuration names the bootstrap servers. */
    public DefaultKafkaConsumerFactory(Map<String, ?> config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this(ConnectionSource.none(), config, keySerializer, valueSerializer);
    }

    /**
     * A factory of consumers that share connections. A consumer whose overrides name other servers, or say that it connects in another way, has its own.
     *
     * @param config the consumers' configuration, by Kafka's keys
     */
    public DefaultKafkaConsumerFactory(
            ConnectionManager connections, Map<String, ?> config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this(ConnectionSource.of(connections, config), config, keySerializer, valueSerializer);
    }

    /**
     * A factory of consumers.
     *
     * @param connections says which connections each of them uses
     * @param config the consumers' configuration, by Kafka's keys
     */
    public DefaultKafkaConsumerFactory(
            ConnectionSource connections, Map<String, ?> config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this.config = new FactoryConfig(connections, config);
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
    }

    /**
     * Changes how consumers are built, after the configuration was set. Nothing of the overrides of a single consumer is changed, as whoever asks for it relies on them:
     * a listener's container says its group and that it commits by itself. What concerns connections is refused there if these are shared: it belongs into the
     * configuration or the overrides.
     */
    public void addBuilderCustomizer(Consumer<ConsumerBuilder<?, ?>> customizer) {
        customizers.add(customizer);
    }

    /** As {@link #addBuilderCustomizer}, for consumers of this factory's types alone, and not for those that read bytes. */
    public void addTypedCustomizer(Consumer<ConsumerBuilder<K, V>> customizer) {
        typedCustomizers.add(customizer);
    }

    /** As {@link #addBuilderCustomizer}, for consumers that read bytes alone, such as those of listener containers. */
    public void addBytesCustomizer(Consumer<ConsumerBuilder<byte[], byte[]>> customizer) {
        bytesCustomizers.add(customizer);
    }

    @Override
    public KafkaConsumer<K, V> createConsumer(Map<String, ?> overrides) {
        return create(UnclosedSerializer.of(keySerializer), UnclosedSerializer.of(valueSerializer), overrides, typedCustomizers);
    }

    @Override
    public KafkaConsumer<byte[], byte[]> createBytesConsumer(Map<String, ?> overrides) {
        return create(Serializers.bytes(), Serializers.bytes(), overrides, bytesCustomizers);
    }

    private <A, B> KafkaConsumer<A, B> create(
            Serializer<A> keys, Serializer<B> values, Map<String, ?> overrides, List<Consumer<ConsumerBuilder<A, B>>> own) {
        Map<String, Object> all = with(overrides);
        ConsumerBuilder<A, B> builder = KafkaConsumer.builder(keys, values);
        config.give(all, builder::config, builder::connections);
        own.forEach(customizer -> customizer.accept(builder));
        customizers.forEach(customizer -> customizer.accept(builder));
        builder.config(lastWord(overrides));
        return builder.build();
    }

    /** What customizers change nothing of: whoever asks for this consumer relies on it. */
    private static Map<String, @Nullable Object> lastWord(Map<String, ?> overrides) {
        Map<String, @Nullable Object> last = new LinkedHashMap<>(ConnectionSource.withoutConnections(overrides));
        if (doWithoutMarks(overrides)) {
            last.put(MAX_UNMARKED_RECORDS, null);
        }
        return last;
    }

    private Map<String, Object> with(Map<String, ?> overrides) {
        Map<String, Object> all = config.with(overrides);
        if (doWithoutMarks(overrides)) {
            all.remove(MAX_UNMARKED_RECORDS);
        }
        return all;
    }

    /** Then the limit that belongs to the marks of this configuration, or to those of a customizer, has no meaning, and would be refused. */
    private static boolean doWithoutMarks(Map<String, ?> overrides) {
        return isOff(overrides.get(COMMIT_MARKS)) && !overrides.containsKey(MAX_UNMARKED_RECORDS);
    }

    private static boolean isOff(@Nullable Object commitMarks) {
        return commitMarks != null && commitMarks.toString().equalsIgnoreCase(CommitMarks.OFF.name());
    }

    @Override
    public @Nullable ClusterMetadata getMetadata(Map<String, ?> overrides) {
        return config.metadata(with(overrides));
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
