package dev.kafkaboot.autoconfigure.health;

import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * The health of brokers and listeners: DOWN if any of them is, and otherwise what the brokers are. The brokers of clients that connect elsewhere, or in another
 * way, are told apart from the main ones.
 */
final class KafkaHealthIndicator extends AbstractHealthIndicator {

    private final Supplier<List<ConnectionManager>> connections;
    private final @Nullable ListenersHealth listeners;

    /**
     * Makes it.
     *
     * @param connections all connections there are, the main ones first
     */
    KafkaHealthIndicator(Supplier<List<ConnectionManager>> connections, @Nullable KafkaListenerEndpointRegistry registry) {
        super("Kafka's health check failed");
        this.connections = connections;
        this.listeners = registry == null ? null : new ListenersHealth(registry);
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        List<ConnectionManager> all = connections.get();
        Status status = new BrokersHealth(all.get(0)).addTo(health::withDetail);
        List<Map<String, Object>> others = new ArrayList<>();
        for (ConnectionManager other : all.subList(1, all.size())) {
            Map<String, Object> details = new LinkedHashMap<>();
            status = worse(status, new BrokersHealth(other).addTo(details::put));
            others.add(details);
        }
        if (!others.isEmpty()) {
            health.withDetail("otherConnections", others);
        }
        boolean listenersAreWell = listeners == null || listeners.addTo(health);
        health.status(listenersAreWell ? status : Status.DOWN);
    }

    private static Status worse(Status one, Status other) {
        if (one.equals(Status.DOWN) || other.equals(Status.DOWN)) {
            return Status.DOWN;
        }
        return one.equals(Status.UP) ? other : one;
    }
}
