package dev.kafkaboot.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionMetricsTests {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    @KafkaCluster
    void whatGoesToABrokerIsCountedAndTimed(RealKafka kafka) {
        String address = kafka.bootstrapServers();
        try (ConnectionManager connections = ConnectionManager.connect(address)) {
            connections.addListener(new ConnectionMetrics(() -> List.of(connections), registry));

            connections.send(new MetadataRequest()).join();

            assertThat(registry.get("kafka.client.connections").tag("broker", address).gauge().value()).isPositive();
            assertThat(registry.get("kafka.client.connects").tag("broker", address).counter().count()).isPositive();
            assertThat(registry.get("kafka.client.requests").tags("broker", address, "api", "METADATA").timer().count()).isPositive();
            assertThat(registry.get("kafka.client.sent.bytes").tag("broker", address).counter().count()).isGreaterThan(10);
            assertThat(registry.get("kafka.client.received.bytes").tag("broker", address).counter().count()).isGreaterThan(10);
        }
    }

    @Test
    void anAttemptThatFailsIsCounted() {
        try (ConnectionManager connections = ConnectionManager.connect("127.0.0.1:1")) {
            connections.addListener(new ConnectionMetrics(() -> List.of(connections), registry));

            connections.loop().execute(connections.metadata()::requestRefresh);

            await().atMost(Duration.ofSeconds(30)).until(() -> registry.find("kafka.client.disconnects")
                    .tags("broker", "127.0.0.1:1", "error", "failure").counters().stream().anyMatch(counter -> counter.count() > 0));
            assertThat(registry.get("kafka.client.connections").gauge().value()).isZero();
        }
    }
}
