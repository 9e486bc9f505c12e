package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.cluster.ConnectionManager;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The configuration of the clients that a factory makes, and what says which connections each of them uses. Thread-safe if that is. */
final class FactoryConfig {

    private final ConnectionSource connections;
    private final Map<String, Object> values;

    FactoryConfig(ConnectionSource connections, Map<String, ?> values) {
        this.connections = connections;
        this.values = new LinkedHashMap<>(values);
    }

    /** All of a client's configuration; a copy. */
    Map<String, Object> with(Map<String, ?> overrides) {
        Map<String, Object> all = new LinkedHashMap<>(values);
        all.putAll(overrides);
        return all;
    }

    /**
     * Gives a client its configuration, and connections if it shares them: then nothing else may be said of these.
     *
     * @param all all of the client's configuration
     * @param config takes what is left of it
     * @param shared takes the connections, after that; not called if the client is to have its own
     */
    void give(Map<String, Object> all, Consumer<Map<String, Object>> config, Consumer<ConnectionManager> shared) {
        ConnectionManager others = connections.connectionsFor(all);
        if (others == null) {
            config.accept(all);
        } else {
            config.accept(ConnectionSource.withoutConnections(all));
            shared.accept(others);
        }
    }

    /** What is known of the cluster of a client with this configuration; null if its connections are its own. */
    @Nullable ClusterMetadata metadata(Map<String, Object> all) {
        ConnectionManager shared = connections.connectionsFor(all);
        return shared == null ? null : shared.metadata();
    }

    /** What all clients have, unless something else is said of one. */
    Map<String, Object> values() {
        return Map.copyOf(values);
    }
}
