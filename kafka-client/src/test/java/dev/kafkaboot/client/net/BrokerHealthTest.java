package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.sim.Simulation;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a broker is left alone, and what it is remembered by, on virtual time. */
class BrokerHealthTest {

    private static final Node HERE = new Node(1, "here", 9092, null);
    private static final Node THERE = new Node(1, "there", 9092, null);

    private final Simulation simulation = new Simulation(1);
    private final EventLoop loop = simulation.process("client", simulation.network(cluster -> cluster), Map.of(), null).loop();
    private final ConnectionSettings settings = new ConnectionSettings("test", SocketOptions.DEFAULT, TransportFactory.PLAIN, Authenticator.Factory.NONE,
            new Backoff(Duration.ofSeconds(10), Duration.ofSeconds(30)), new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1)),
            Duration.ofSeconds(30), Duration.ofMinutes(9), 1024);
    private final BrokerHealth health = new BrokerHealth(loop, settings);

    @AfterEach
    void close() {
        simulation.close();
    }

    private void fail(Node node) {
        health.disconnected(node, /* wasReady= */ false, new ConnectException("Connection refused"));
    }

    private void failAfterThePause(Node node) {
        simulation.run(health.pause(node));
        fail(node);
    }

    @Test
    void eachFailureDoublesTheSetupLimitUpToItsCeilingAndASuccessEndsThat() {
        health.aim(HERE);
        assertThat(health.setupLimit(HERE)).isEqualTo(Duration.ofSeconds(10));

        fail(HERE);
        assertThat(health.setupLimit(HERE)).isEqualTo(Duration.ofSeconds(20));
        failAfterThePause(HERE);
        failAfterThePause(HERE);
        assertThat(health.setupLimit(HERE)).isEqualTo(Duration.ofSeconds(30));

        health.connected(HERE);
        assertThat(health.setupLimit(HERE)).isEqualTo(Duration.ofSeconds(10));
        assertThat(health.pause(HERE)).isZero();
    }

    @Test
    void pausesGrowAndConnectionsThatAreLostTogetherCountOnce() {
        health.aim(HERE);
        fail(HERE);
        fail(HERE);
        fail(HERE);

        assertThat(health.pause(HERE)).isBetween(Duration.ofMillis(40), Duration.ofMillis(60));
        failAfterThePause(HERE);
        assertThat(health.pause(HERE)).isBetween(Duration.ofMillis(80), Duration.ofMillis(120));
    }

    @Test
    void brokerAtAnotherAddressOwesNothingForTheOldOne() {
        health.aim(HERE);
        fail(HERE);
        failAfterThePause(HERE);

        health.retain(List.of(THERE));

        assertThat(health.pause(THERE)).isZero();
        assertThat(health.setupLimit(THERE)).isEqualTo(Duration.ofSeconds(10));
        assertThat(health.isFailed(1)).isFalse();
        assertThat(health.states()).containsExactly(new BrokerState(THERE, 0, 0, null, null));
    }

    @Test
    void lossOfAConnectionToTheOldAddressIsNoFailureOfTheNewOne() {
        health.aim(HERE);
        health.connected(HERE);
        health.retain(List.of(THERE));
        health.connected(THERE);

        health.disconnected(HERE, /* wasReady= */ true, new ConnectException("Connection reset"));

        assertThat(health.pause(THERE)).isZero();
        assertThat(health.states()).singleElement().satisfies(state -> {
            assertThat(state.broker()).isEqualTo(THERE);
            assertThat(state.readyConnections()).isEqualTo(1);
            assertThat(state.lastError()).isNull();
        });
    }

    @Test
    void brokersThatComeAndGoLeaveNothingBehind() {
        for (int id = 0; id < 1_000; id++) {
            Node node = new Node(id, "host-" + id, 9092, null);
            health.aim(node);
            health.connected(node);
            health.retain(List.of(node));
            health.retain(List.of());
            health.disconnected(node, /* wasReady= */ true, null);
        }

        assertThat(health.size()).isZero();
        assertThat(health.states()).isEmpty();
    }
}
