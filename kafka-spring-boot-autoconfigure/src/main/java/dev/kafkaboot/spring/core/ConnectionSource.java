package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.cluster.ConnectionManager;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says which connections a client uses. Thread-safe. */
@FunctionalInterface
public interface ConnectionSource {

    /**
     * The connections of a client.
     *
     * @param config all of the client's configuration, by Kafka's keys
     * @return null if the client is to have connections of its own, which are closed with it
     * @throws dev.kafkaboot.client.ConfigException if what the configuration says of connections is wrong
     */
    @Nullable ConnectionManager connectionsFor(Map<String, ?> config);

    /** No connections: every client has its own. */
    static ConnectionSource none() {
        return config -> null;
    }

    /**
     * Connections for all clients that connect in the way that they were made for. A client that asks other servers, or connects in another way, has its own.
     *
     * @param config the configuration that the connections were made with, as far as it is known
     */
    static ConnectionSource of(ConnectionManager connections, Map<String, ?> config) {
        WayToConnect way = WayToConnect.of(config, null);
        return other -> WayToConnect.of(other, way).equals(way) ? connections : null;
    }

    /** A client's configuration without what concerns connections, which a client is not told if it is given these. */
    static Map<String, Object> withoutConnections(Map<String, ?> config) {
        Map<String, Object> rest = new LinkedHashMap<>(config);
        CommonConfig.CONNECTION_KEYS.forEach(key -> rest.remove(key.name()));
        return rest;
    }
}
