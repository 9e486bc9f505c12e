package dev.kafkaboot.client.admin;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.telemetry.ApplicationMetrics;
import dev.kafkaboot.client.telemetry.ClientTelemetry;
import dev.kafkaboot.protocol.Uuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a cluster and changes it. Safe from any thread.
 *
 * <pre>{@code
 * try (KafkaAdminClient admin = KafkaAdminClient.builder().bootstrapServers("localhost:9092").build()) {
 *     admin.topics().create(NewTopic.of("orders").partitions(12)).join();
 * }
 * }</pre>
 *
 * <p>Every operation returns at once; its future completes on {@link dev.kafkaboot.client.net.EventLoop#callbacks()}, within
 * {@code default.api.timeout.ms} or the limit that was given with {@code within(...)}. What passes by itself (a lost connection, a controller that moved)
 * is tried again until then.
 */
public final class KafkaAdminClient implements AutoCloseable {

    private final ClientConnections connections;
    private final AdminCalls calls;
    private final ClientTelemetry telemetry;
    private final Duration closeLimit;

    private KafkaAdminClient(ClientConnections connections, ClientConfig config) {
        this.connections = connections;
        this.closeLimit = config.get(CommonConfig.DEFAULT_API_TIMEOUT);
        Backoff backoff = new Backoff(config.get(CommonConfig.RETRY_BACKOFF), config.get(CommonConfig.RETRY_BACKOFF_MAX));
        this.calls = new AdminCalls(
                connections, config.get(CommonConfig.DEFAULT_API_TIMEOUT), config.get(CommonConfig.REQUEST_TIMEOUT), backoff);
        this.telemetry = ClientTelemetry.begin(config, connections, "org.apache.kafka.admin.client.", Map::of);
    }

    /** Begins to make one. */
    public static Builder builder() {
        return new Builder();
    }

    /** Topics: making, listing, describing and deleting them. */
    public TopicAdmin topics() {
        return new TopicAdmin(calls);
    }

    /** The cluster as a whole. */
    public ClusterAdmin cluster() {
        return new ClusterAdmin(calls);
    }

    /** The id under which brokers know this client's metrics (KIP-714); see {@link ClientTelemetry#clientInstanceId}. */
    public CompletableFuture<Uuid> clientInstanceId(Duration limit) {
        return telemetry.clientInstanceId(limit);
    }

    /** Where the application registers metrics of its own that this client pushes to brokers that ask for them (KIP-1076). */
    public ApplicationMetrics applicationMetrics() {
        return telemetry.applicationMetrics();
    }

    /** Closes within {@code default.api.timeout.ms}, and usually at once. */
    @Override
    public void close() {
        close(closeLimit);
    }

    /** Fails what is still under way and closes; a {@link ConnectionManager} that was given stays open. A second call does nothing. */
    public void close(Duration limit) {
        calls.close();
        long deadlineNanos = Times.deadline(connections.loop().nanoTime(), limit);
        telemetry.end(limit);
        connections.close(Duration.ofNanos(Math.max(0, deadlineNanos - connections.loop().nanoTime())));
    }

    /** Makes an admin client. Either bootstrap servers or a {@link ConnectionManager} are needed. */
    public static final class Builder {

        private final Map<String, Object> config = new LinkedHashMap<>();
        private @Nullable ConnectionManager connections;

        private Builder() {}

        /** Brokers to ask first, as {@code host:port}, separated by commas. */
        public Builder bootstrapServers(String servers) {
            return config(CommonConfig.BOOTSTRAP_SERVERS.name(), servers);
        }

        /** Brokers to ask first, each as {@code host:port}. */
        public Builder bootstrapServers(Collection<String> servers) {
            return config(CommonConfig.BOOTSTRAP_SERVERS.name(), servers);
        }

        /**
         * Shares the loop, connections and metadata of others; they are not closed with this client. Keys that concern connections
         * ({@link CommonConfig#CONNECTION_KEYS}) are refused then: they belong to the manager.
         */
        public Builder connections(ConnectionManager shared) {
            connections = shared;
            return this;
        }

        /** The name under which brokers log and count this client's requests. */
        public Builder clientId(String clientId) {
            return config(CommonConfig.CLIENT_ID.name(), clientId);
        }

        /** Sets keys by their names in {@link AdminConfig}. */
        public Builder config(Map<String, ?> values) {
            values.forEach(config::put);
            return this;
        }

        /** Sets a key by its name in {@link AdminConfig}. */
        public Builder config(String key, Object value) {
            config.put(key, value);
            return this;
        }

        /**
         * Makes the client. Nothing is connected yet.
         *
         * @throws ConfigException if the configuration is wrong; it tells all faults
         */
        public KafkaAdminClient build() {
            ConnectionManager shared = connections;
            List<ConfigException.Fault> faults = new ArrayList<>(ClientConnections.faults(config, shared));
            ClientConfig checked;
            try {
                checked = ClientConfig.of(AdminConfig.KEYS, config);
            } catch (ConfigException wrong) {
                faults.addAll(0, wrong.faults());
                throw new ConfigException(faults);
            }
            if (!faults.isEmpty()) {
                throw new ConfigException(faults);
            }
            return new KafkaAdminClient(ClientConnections.of(checked, shared), checked);
        }
    }
}
