package dev.kafkaboot.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.net.BrokerState;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.MapAssert;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class BrokersHealthTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    @KafkaCluster
    void theFirstCheckAsksForTheClusterSoThatLaterOnesKnow(RealKafka kafka) {
        try (ConnectionManager connections = ConnectionManager.connect(kafka.bootstrapServers())) {
            assertThat(check(connections).getStatus()).isEqualTo(Status.UNKNOWN);

            awaitStatus(connections, Status.UP);
            Health health = check(connections);
            assertThat(health.getDetails()).containsEntry("clusterId", kafka.clusterId());
            assertOnlyBroker(health).containsEntry("id", 1).containsEntry("address", kafka.bootstrapServers());
        }
    }

    @Test
    void aServerThatCannotBeReachedIsDownWithTheReason() {
        try (ConnectionManager connections = ConnectionManager.connect("127.0.0.1:1")) {
            awaitStatus(connections, Status.DOWN);

            assertOnlyBroker(check(connections))
                    .containsEntry("address", "127.0.0.1:1").containsEntry("connected", false).containsKey("lastError").doesNotContainKey("id");
        }
    }

    @Test
    @KafkaCluster(shared = false)
    void aBrokerThatDiesAndComesBackIsDownAndUp(RealKafka kafka) {
        try (ConnectionManager connections = ConnectionManager.connect(kafka.bootstrapServers())) {
            awaitStatus(connections, Status.UP);

            kafka.broker(1).kill();
            awaitStatus(connections, Status.DOWN);
            kafka.broker(1).start();

            awaitStatus(connections, Status.UP);
        }
    }

    @Test
    void brokerThatIsAwayIsNotTheClusterWhileOthersWereReachedLast() {
        BrokerState idle = new BrokerState(new Node(1, "one", 9092, null), 0, 0, null, Instant.EPOCH);
        BrokerState untried = new BrokerState(new Node(2, "two", 9092, null), 0, 0, null, null);
        BrokerState away = new BrokerState(new Node(3, "three", 9092, null), 0, 2, "refused the connection", Instant.EPOCH);

        assertThat(BrokersHealth.status(List.of(idle, untried, away), List.of(idle, untried, away), false)).isEqualTo(Status.UP);
        assertThat(BrokersHealth.status(List.of(untried, away), List.of(untried, away), false)).isEqualTo(Status.DOWN);
    }

    @Test
    void bootstrapAddressThatAnsweredOnceSaysNothingWhenAllBrokersAreAway() {
        BrokerState bootstrap = new BrokerState(new Node(-1, "kafka", 9092, null), 0, 0, null, Instant.EPOCH);
        BrokerState away = new BrokerState(new Node(3, "three", 9092, null), 0, 2, "refused the connection", Instant.EPOCH);

        assertThat(BrokersHealth.status(List.of(bootstrap, away), List.of(away), false)).isEqualTo(Status.DOWN);
    }

    private static void awaitStatus(ConnectionManager connections, Status status) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(check(connections).getStatus()).isEqualTo(status));
    }

    private static MapAssert<String, Object> assertOnlyBroker(Health health) {
        return assertThat(health.getDetails().get("brokers"))
                .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                .singleElement(InstanceOfAssertFactories.map(String.class, Object.class));
    }

    private static Health check(ConnectionManager connections) {
        Health.Builder builder = new Health.Builder();
        return builder.status(new BrokersHealth(connections).addTo(builder::withDetail)).build();
    }
}
