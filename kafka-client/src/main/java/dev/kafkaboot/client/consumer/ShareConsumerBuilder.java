package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.serialization.Serializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link KafkaShareConsumer}: by Kafka's keys or by methods that set them. Not thread-safe; may be used again.
 *
 * @param <K> the keys' type
 * @param <V> the values' type
 */
public final class ShareConsumerBuilder<K, V> {

    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final Map<String, Object> config = new LinkedHashMap<>();
    private @Nullable ConnectionManager connections;
    private ConsumerListener listener = ConsumerListener.NONE;

    ShareConsumerBuilder(Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
    }

    /** Where to find the cluster: {@code host:port}, separated by commas. */
    public ShareConsumerBuilder<K, V> bootstrapServers(String servers) {
        return config(CommonConfig.BOOTSTRAP_SERVERS.name(), servers);
    }

    /**
     * Uses connections that others use too; closing the consumer does not close them. Keys that concern connections
     * ({@link CommonConfig#CONNECTION_KEYS}, {@code bootstrap.servers} among them) are refused then: they belong to the manager.
     */
    public ShareConsumerBuilder<K, V> connections(ConnectionManager shared) {
        connections = shared;
        return this;
    }

    /** Sets keys by their names, see {@link ShareConsumerConfig}. */
    public ShareConsumerBuilder<K, V> config(Map<String, ?> values) {
        config.putAll(values);
        return this;
    }

    /** Sets a key by its name, see {@link ShareConsumerConfig}. */
    public ShareConsumerBuilder<K, V> config(String key, Object value) {
        config.put(key, value);
        return this;
    }

    /** Sets {@code client.id}. */
    public ShareConsumerBuilder<K, V> clientId(String id) {
        return config(CommonConfig.CLIENT_ID.name(), id);
    }

    /** Sets {@code group.id}. */
    public ShareConsumerBuilder<K, V> groupId(String id) {
        return config(ShareConsumerConfig.GROUP_ID.name(), id);
    }

    /** Sets {@code share.acknowledgement.mode}. */
    public ShareConsumerBuilder<K, V> acknowledgementMode(ShareAcknowledgementMode mode) {
        return config(ShareConsumerConfig.ACKNOWLEDGEMENT_MODE.name(), mode);
    }

    /** Sets {@code share.acquire.mode}. */
    public ShareConsumerBuilder<K, V> acquireMode(ShareAcquireMode mode) {
        return config(ShareConsumerConfig.ACQUIRE_MODE.name(), mode);
    }

    /** Sets {@code max.poll.records}. */
    public ShareConsumerBuilder<K, V> maxPollRecords(int records) {
        return config(ShareConsumerConfig.MAX_POLL_RECORDS.name(), records);
    }

    /** Sets {@code max.poll.interval.ms}. */
    public ShareConsumerBuilder<K, V> maxPollInterval(Duration interval) {
        return config(ConsumerConfig.MAX_POLL_INTERVAL.name(), interval);
    }

    /** Hears what the consumer does, behind those that were added before. */
    public ShareConsumerBuilder<K, V> listener(ConsumerListener hook) {
        listener = listener == ConsumerListener.NONE ? hook : new ConsumerListeners(listener, hook);
        return this;
    }

    /**
     * Makes the consumer. Nothing is connected yet.
     *
     * @throws ConfigException if the configuration is wrong; it tells all faults
     */
    public KafkaShareConsumer<K, V> build() {
        ConnectionManager shared = connections;
        List<ConfigException.Fault> faults = new ArrayList<>(ShareConsumerConfig.ofOthers(config));
        Map<String, Object> own = new LinkedHashMap<>(config);
        faults.forEach(other -> own.remove(other.key()));
        faults.addAll(ClientConnections.faults(config, shared));
        ClientConfig checked;
        try {
            checked = ClientConfig.of(ShareConsumerConfig.KEYS, own);
            ShareConsumerConfig.validate(checked);
        } catch (ConfigException wrong) {
            faults.addAll(0, wrong.faults());
            throw new ConfigException(faults);
        }
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        return new KafkaShareConsumer<>(checked, ClientConnections.of(checked, shared), keySerializer, valueSerializer, listener);
    }
}
