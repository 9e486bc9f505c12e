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
 * metadata, in the background, so that the next one knows. Connections that were closed because nobody used them count as they did before: while no other is
 * left, each check asks for the metadata as well, and so finds out whether that still holds.
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
        Status status = status(states, shown, cluster.isEmpty());
        if (!status.equals(Status.UP) || shown.stream().noneMatch(BrokerState::isConnected)) {
            connections.loop().execute(connections.metadata()::requestRefresh);
        }
        return status;
    }

    /**
     * The status by these states.
     *
     * @param all those of bootstrap addresses too: while one of them answers, the cluster can be reached
     * @param counted those of brokers, if any are known: a bootstrap address that answered once says nothing of later
     */
    static Status status(List<BrokerState> all, List<BrokerState> counted, boolean nothingKnown) {
        if (all.stream().anyMatch(BrokerState::isConnected)) {
            return Status.UP;
        }
        List<BrokerState> tried = counted.stream().filter(state -> state.since() != null).toList();
        if (!tried.isEmpty() && tried.stream().allMatch(BrokerState::isFailed)) {
            return Status.DOWN;
        }
        return nothingKnown ? Status.UNKNOWN : Status.UP;
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
