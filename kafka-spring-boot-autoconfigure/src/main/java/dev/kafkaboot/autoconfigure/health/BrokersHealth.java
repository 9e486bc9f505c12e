package dev.kafkaboot.autoconfigure.health;

import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.net.BrokerState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether a cluster can be reached, by what some connections know.
 *
 * <p>UP while any broker answers: one of several that is away is no reason to take the application out of service, and so a rolling restart is not
 * seen here. DOWN when the last attempt failed with every broker that was tried. UNKNOWN until one was tried; the check itself then asks for the
 * metadata, in the background, so that the next one knows. Connections that were closed because nobody used them count as they did before.
 */
final class BrokersHealth {

    private final ConnectionManager connections;

    BrokersHealth(ConnectionManager connections) {
        this.connections = connections;
    }

    /**
     * Adds what is known; never blocks.
     *
     * @param health gets the details
     */
    Status addTo(BiConsumer<String, Object> health) {
        List<BrokerState> states = connections.state();
        ClusterSnapshot cluster = connections.metadata().snapshot();
        if (cluster.clusterId() != null) {
            health.accept("clusterId", cluster.clusterId());
        }
        // Bootstrap addresses are of interest only until the brokers behind them are known.
        List<BrokerState> shown = cluster.isEmpty() ? states : states.stream().filter(state -> cluster.node(state.broker().id()) != null).toList();
        List<Map<String, Object>> brokers = new ArrayList<>();
        shown.forEach(state -> brokers.add(details(state)));
        health.accept("brokers", brokers);
        Status status = status(states, cluster);
        if (!status.equals(Status.UP) || shown.stream().noneMatch(BrokerState::isConnected)) {
            connections.loop().execute(connections.metadata()::requestRefresh);
        }
        return status;
    }

    private static Status status(List<BrokerState> states, ClusterSnapshot cluster) {
        if (states.stream().anyMatch(BrokerState::isConnected)) {
            return Status.UP;
        }
        if (states.stream().anyMatch(BrokerState::isFailed)) {
            return Status.DOWN;
        }
        return cluster.isEmpty() ? Status.UNKNOWN : Status.UP;
    }

    private static Map<String, Object> details(BrokerState state) {
        Map<String, Object> details = new LinkedHashMap<>();
        if (state.broker().id() >= 0) {
            details.put("id", state.broker().id());
        }
        details.put("address", state.broker().host() + ":" + state.broker().port());
        details.put("connected", state.isConnected());
        if (state.since() != null) {
            details.put("since", state.since());
        }
        if (state.lastError() != null) {
            details.put("lastError", state.lastError());
        }
        return details;
    }
}
