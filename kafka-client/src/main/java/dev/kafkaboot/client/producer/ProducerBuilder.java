package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.record.compress.CompressionType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link KafkaProducer}: by Kafka's keys or by methods that set them. Not thread-safe; may be used again.
 *
 * @param <K> the keys' type
 * @param <V> the values' type
 */
public final class ProducerBuilder<K, V> {

    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final Map<String, Object> config = new LinkedHashMap<>();
    private @Nullable ConnectionManager connections;
    private final List<ProducerListener> listeners = new ArrayList<>();
    private final List<ProducerInterceptor<K, V>> interceptors = new ArrayList<>();

    ProducerBuilder(Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
    }

    /** Where to find the cluster: {@code host:port}, separated by commas. */
    public ProducerBuilder<K, V> bootstrapServers(String servers) {
        return config(CommonConfig.BOOTSTRAP_SERVERS.name(), servers);
    }

    /**
     * Uses connections that others use too; closing the producer does not close them. Keys that concern connections
     * ({@link CommonConfig#CONNECTION_KEYS}, {@code bootstrap.servers} among them) are refused then: they belong to the manager.
     */
    public ProducerBuilder<K, V> connections(ConnectionManager shared) {
        connections = shared;
        return this;
    }

    /** Sets keys by their names, see {@link ProducerConfig}. */
    public ProducerBuilder<K, V> config(Map<String, ?> values) {
        config.putAll(values);
        return this;
    }

    /** Sets a key by its name, see {@link ProducerConfig}. */
    public ProducerBuilder<K, V> config(String key, Object value) {
        config.put(key, value);
        return this;
    }

    /** Sets {@code client.id}. */
    public ProducerBuilder<K, V> clientId(String id) {
        return config(CommonConfig.CLIENT_ID.name(), id);
    }

    /** Sets {@code acks}. */
    public ProducerBuilder<K, V> acks(Acks acks) {
        return config(ProducerConfig.ACKS.name(), acks);
    }

    /** Sets {@code linger.ms}. */
    public ProducerBuilder<K, V> linger(Duration linger) {
        return config(ProducerConfig.LINGER.name(), linger);
    }

    /** Sets {@code batch.size}. */
    public ProducerBuilder<K, V> batchSize(int bytes) {
        return config(ProducerConfig.BATCH_SIZE.name(), bytes);
    }

    /** Sets {@code buffer.memory}. */
    public ProducerBuilder<K, V> bufferMemory(long bytes) {
        return config(ProducerConfig.BUFFER_MEMORY.name(), bytes);
    }

    /** Sets {@code compression.type}. */
    public ProducerBuilder<K, V> compression(CompressionType type) {
        return config(ProducerConfig.COMPRESSION_TYPE.name(), type);
    }

    /** Sets {@code delivery.timeout.ms}. */
    public ProducerBuilder<K, V> deliveryTimeout(Duration limit) {
        return config(ProducerConfig.DELIVERY_TIMEOUT.name(), limit);
    }

    /** Sets {@code max.block.ms}. */
    public ProducerBuilder<K, V> maxBlock(Duration limit) {
        return config(ProducerConfig.MAX_BLOCK.name(), limit);
    }

    /** Sets {@code max.request.size}. */
    public ProducerBuilder<K, V> maxRequestSize(int bytes) {
        return config(ProducerConfig.MAX_REQUEST_SIZE.name(), bytes);
    }

    /** Sets {@code transactional.id}, which makes the producer transactional. */
    public ProducerBuilder<K, V> transactionalId(String id) {
        return config(ProducerConfig.TRANSACTIONAL_ID.name(), id);
    }

    /** Sets {@code transaction.timeout.ms}. */
    public ProducerBuilder<K, V> transactionTimeout(Duration limit) {
        return config(ProducerConfig.TRANSACTION_TIMEOUT.name(), limit);
    }

    /** Sets {@code transaction.two.phase.commit.enable}: somebody else decides on the producer's transactions, which never expire (KIP-939). */
    public ProducerBuilder<K, V> twoPhaseCommit(boolean on) {
        return config(ProducerConfig.TRANSACTION_TWO_PHASE_COMMIT.name(), on);
    }

    /**
     * Chooses partitions where records do not name one. Without it: by the key's hash as Kafka's Java clients do, and in turns without a key. It is closed with the
     * producer.
     */
    public ProducerBuilder<K, V> partitioner(Partitioner chooser) {
        return config(ProducerConfig.PARTITIONER.name(), chooser);
    }

    /** Sets {@code partitioner.adaptive.partitioning.enable}: records without a key go rather to partitions for which less waits; so it is if it is not said. */
    public ProducerBuilder<K, V> partitionerAdaptive(boolean on) {
        return config(ProducerConfig.PARTITIONER_ADAPTIVE.name(), on);
    }

    /** Sets {@code partitioner.availability.timeout.ms}: records without a key go to no broker to which nothing could be sent for so long; zero for never. */
    public ProducerBuilder<K, V> partitionerAvailabilityTimeout(Duration limit) {
        return config(ProducerConfig.PARTITIONER_AVAILABILITY_TIMEOUT.name(), limit);
    }

    /** Sets {@code partitioner.ignore.keys}: records with a key go where those without go. */
    public ProducerBuilder<K, V> partitionerIgnoreKeys(boolean on) {
        return config(ProducerConfig.PARTITIONER_IGNORE_KEYS.name(), on);
    }

    /** Sets {@code partitioner.rack.aware}: records without a key go to leaders in the rack of {@code client.rack}, which is needed then. */
    public ProducerBuilder<K, V> partitionerRackAware(boolean on) {
        return config(ProducerConfig.PARTITIONER_RACK_AWARE.name(), on);
    }

    /**
     * Sets for one topic what differs there from the others: {@code topic("orders", options -> options.compression(ZSTD))}. By keys, that is
     * {@code topics.orders.compression.type}, and so on for {@link ProducerConfig#TOPIC_KEYS}.
     */
    public ProducerBuilder<K, V> topic(String name, Consumer<TopicOptions> options) {
        options.accept(new TopicOptions((key, value) -> config(ProducerConfig.TOPIC_PREFIX + name + "." + key.name(), value)));
        return this;
    }

    /** Adds one that hears what the producer does. */
    public ProducerBuilder<K, V> listener(ProducerListener hook) {
        listeners.add(hook);
        return this;
    }

    /** Adds one that sees each record before it is sent, behind those that were added before. */
    public ProducerBuilder<K, V> interceptor(ProducerInterceptor<K, V> hook) {
        interceptors.add(hook);
        return this;
    }

    /**
     * Makes the producer. Nothing is connected yet.
     *
     * @throws ConfigException if the configuration is wrong; it tells all faults
     */
    public KafkaProducer<K, V> build() {
        ConnectionManager shared = connections;
        TopicConfigs sorted = TopicConfigs.of(config);
        List<ConfigException.Fault> faults = new ArrayList<>(ClientConnections.faults(sorted.ofProducer(), shared));
        Map<String, ClientConfig> topics = sorted.ofTopics(faults);
        ClientConfig checked;
        try {
            checked = ClientConfig.of(ProducerConfig.KEYS, sorted.ofProducer());
            ProducerConfig.validate(checked);
        } catch (ConfigException wrong) {
            faults.addAll(0, wrong.faults());
            throw new ConfigException(faults);
        }
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        ClientConnections own = ClientConnections.of(checked, shared);
        try {
            return new KafkaProducer<>(checked, topics, own, keySerializer, valueSerializer, listeners, interceptors);
        } catch (Throwable failure) { // a codec without its library, for example: nobody else would ever close these
            own.close(KafkaProducer.LAST_WORDS);
            throw failure;
        }
    }
}
