package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.serialization.Serializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link KafkaConsumer}: by Kafka's keys or by methods that set them. Not thread-safe; may be used again.
 *
 * @param <K> the keys' type
 * @param <V> the values' type
 */
public final class ConsumerBuilder<K, V> {

    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final Map<String, Object> config = new LinkedHashMap<>();
    private @Nullable ConnectionManager connections;
    private ConsumerListener listener = ConsumerListener.NONE;
    private final List<ConsumerInterceptor<K, V>> interceptors = new ArrayList<>();
    private final List<Supplier<? extends PartitionAssignor>> assignors = new ArrayList<>();

    ConsumerBuilder(Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
    }

    /** Where to find the cluster: {@code host:port}, separated by commas. */
    public ConsumerBuilder<K, V> bootstrapServers(String servers) {
        return config(CommonConfig.BOOTSTRAP_SERVERS.name(), servers);
    }

    /**
     * Uses connections that others use too; closing the consumer does not close them. Keys that concern connections
     * ({@link CommonConfig#CONNECTION_KEYS}, {@code bootstrap.servers} among them) are refused then: they belong to the manager.
     */
    public ConsumerBuilder<K, V> connections(ConnectionManager shared) {
        connections = shared;
        return this;
    }

    /** Sets keys by their names, see {@link ConsumerConfig}. */
    public ConsumerBuilder<K, V> config(Map<String, ?> values) {
        config.putAll(values);
        return this;
    }

    /** Sets a key by its name, see {@link ConsumerConfig}. */
    public ConsumerBuilder<K, V> config(String key, Object value) {
        config.put(key, value);
        return this;
    }

    /** Sets {@code client.id}. */
    public ConsumerBuilder<K, V> clientId(String id) {
        return config(CommonConfig.CLIENT_ID.name(), id);
    }

    /** Sets {@code group.id}. */
    public ConsumerBuilder<K, V> groupId(String id) {
        return config(ConsumerConfig.GROUP_ID.name(), id);
    }

    /** Sets {@code group.protocol}. */
    public ConsumerBuilder<K, V> groupProtocol(GroupProtocol protocol) {
        return config(ConsumerConfig.GROUP_PROTOCOL.name(), protocol);
    }

    /** Sets {@code group.remote.assignor}. */
    public ConsumerBuilder<K, V> groupRemoteAssignor(String name) {
        return config(ConsumerConfig.GROUP_REMOTE_ASSIGNOR.name(), name);
    }

    /** Sets {@code group.instance.id}. */
    public ConsumerBuilder<K, V> groupInstanceId(String id) {
        return config(ConsumerConfig.GROUP_INSTANCE_ID.name(), id);
    }

    /** Sets {@code auto.offset.reset}. */
    public ConsumerBuilder<K, V> autoOffsetReset(OffsetResetPolicy policy) {
        return config(ConsumerConfig.AUTO_OFFSET_RESET.name(), policy);
    }

    /** Sets {@code enable.auto.commit}. */
    public ConsumerBuilder<K, V> autoCommit(boolean enabled) {
        return config(ConsumerConfig.ENABLE_AUTO_COMMIT.name(), enabled);
    }

    /** Sets {@code commit.marks}. */
    public ConsumerBuilder<K, V> commitMarks(CommitMarks marks) {
        return config(ConsumerConfig.COMMIT_MARKS.name(), marks);
    }

    /** Sets {@code isolation.level}. */
    public ConsumerBuilder<K, V> isolationLevel(IsolationLevel level) {
        return config(ConsumerConfig.ISOLATION_LEVEL.name(), level);
    }

    /** Sets {@code max.poll.records}. */
    public ConsumerBuilder<K, V> maxPollRecords(int records) {
        return config(ConsumerConfig.MAX_POLL_RECORDS.name(), records);
    }

    /** Sets {@code max.poll.interval.ms}. */
    public ConsumerBuilder<K, V> maxPollInterval(Duration interval) {
        return config(ConsumerConfig.MAX_POLL_INTERVAL.name(), interval);
    }

    /**
     * Prefers an assignor of one's own to those of {@code partition.assignment.strategy}; several are preferred in the order in which they were given, and one
     * takes the place of that of the same name. Only with {@code group.protocol=classic}.
     *
     * @param maker makes one for each consumer, as an assignor may remember what its member has
     */
    public ConsumerBuilder<K, V> assignor(Supplier<? extends PartitionAssignor> maker) {
        assignors.add(Objects.requireNonNull(maker, "maker"));
        return this;
    }

    /**
     * Sees what polls return, and hears what is committed; several are called in the order in which they were given. Closed with the consumer. There is no
     * {@code interceptor.classes}: no class is loaded by its name.
     */
    public ConsumerBuilder<K, V> interceptor(ConsumerInterceptor<K, V> hook) {
        interceptors.add(Objects.requireNonNull(hook, "hook"));
        return this;
    }

    /** Hears what the consumer does, behind those that were added before. */
    public ConsumerBuilder<K, V> listener(ConsumerListener hook) {
        listener = listener == ConsumerListener.NONE ? hook : new ConsumerListeners(listener, hook);
        return this;
    }

    /**
     * Makes the consumer. Nothing is connected yet.
     *
     * @throws ConfigException if the configuration is wrong; it tells all faults
     */
    public KafkaConsumer<K, V> build() {
        ConnectionManager shared = connections;
        List<ConfigException.Fault> faults = new ArrayList<>(ClientConnections.faults(config, shared));
        ClientConfig checked;
        try {
            checked = ClientConfig.of(ConsumerConfig.KEYS, config);
            ConsumerConfig.validate(checked);
            refuseAssignorsThatNobodyAsks(checked);
            checked = withProtocolThatIsSettled(checked);
        } catch (ConfigException wrong) {
            faults.addAll(0, wrong.faults());
            throw new ConfigException(faults);
        }
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        ClientConnections own = ClientConnections.of(checked, shared);
        return new KafkaConsumer<>(checked, own, keySerializer, valueSerializer, assignors(checked), listener, interceptors);
    }

    private void refuseAssignorsThatNobodyAsks(ClientConfig checked) {
        if (!assignors.isEmpty() && checked.get(ConsumerConfig.GROUP_PROTOCOL) == GroupProtocol.CONSUMER) {
            throw new ConfigException(List.of(new ConfigException.Fault(ConsumerConfig.GROUP_PROTOCOL.name(), "consumer",
                    "it cannot be that with an assignor of one's own, as the brokers distribute the partitions then")));
        }
    }

    /** What only classic groups have settles which protocol it is, if that was left open. */
    private ClientConfig withProtocolThatIsSettled(ClientConfig checked) {
        boolean isOpen = checked.get(ConsumerConfig.GROUP_PROTOCOL) == GroupProtocol.AUTO;
        if (!isOpen || assignors.isEmpty() && !ConsumerConfig.isForClassicGroups(checked)) {
            return checked;
        }
        Map<String, Object> settled = new LinkedHashMap<>(config);
        settled.put(ConsumerConfig.GROUP_PROTOCOL.name(), GroupProtocol.CLASSIC);
        return ClientConfig.of(ConsumerConfig.KEYS, settled);
    }

    /** Made anew for each consumer. */
    private List<PartitionAssignor> assignors(ClientConfig checked) {
        List<PartitionAssignor> made = new ArrayList<>();
        assignors.forEach(maker -> made.add(Objects.requireNonNull(maker.get(), "the assignor")));
        checked.get(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY).stream()
                .map(name -> Objects.requireNonNull(PartitionAssignor.named(name)))
                .filter(named -> made.stream().noneMatch(own -> own.name().equals(named.name()))) // members agree on names
                .forEach(made::add);
        return List.copyOf(made);
    }
}
