package dev.kafkaboot.autoconfigure.health;

import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** The health of brokers and listeners: DOWN if either is, and otherwise what the brokers are. */
final class KafkaHealthIndicator extends AbstractHealthIndicator {

    private final BrokersHealth brokers;
    private final @Nullable ListenersHealth listeners;

    KafkaHealthIndicator(ConnectionManager connections, @Nullable KafkaListenerEndpointRegistry registry) {
        super("Kafka's health check failed");
        this.brokers = new BrokersHealth(connections);
        this.listeners = registry == null ? null : new ListenersHealth(registry);
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        Status status = brokers.addTo(health);
        boolean listenersAreWell = listeners == null || listeners.addTo(health);
        health.status(listenersAreWell ? status : Status.DOWN);
    }
}
