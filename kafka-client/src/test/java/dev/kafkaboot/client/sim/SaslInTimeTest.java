package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.SaslAuthenticateRequest;
import dev.kafkaboot.protocol.message.SaslAuthenticateResponse;
import dev.kafkaboot.test.fake.Intervention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and what those hear who are not. */
class SaslInTimeTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static Map<String, Object> config(String mechanism, String userName, String password) {
        return Map.of(
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.allow.plaintext", true,
                "sasl.mechanism", mechanism,
                "sasl.username", userName,
                "sasl.password", password,
                "default.api.timeout.ms", 10_000,
                "socket.connection.setup.timeout.ms", 5_000);
    }

    private static SimulatedNetwork network(Simulation simulation) {
        return simulation.network(cluster -> cluster.brokers(1).user("alice", "s3cret"));
    }

    private static MetadataResponse ask(Simulation simulation, SimulatedProcess process) {
        CompletableFuture<MetadataResponse> reply = process.connections().send(new MetadataRequest());
        assertThat(simulation.await(reply, LIMIT)).as("there is an outcome").isTrue();
        return reply.join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void userIsLetInByEachMechanism(String mechanism) {
        try (Simulation simulation = new Simulation(1)) {
            SimulatedProcess process = simulation.process("client", network(simulation), config(mechanism, "alice", "s3cret"), null);

            assertThat(ask(simulation, process).brokers()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void wrongPasswordIsToldWithBrokerMechanismUserAndTheBrokersReason(String mechanism) {
        try (Simulation simulation = new Simulation(1)) {
            SimulatedProcess process = simulation.process("client", network(simulation), config(mechanism, "alice", "wr0ng"), null);

            assertThatThrownBy(() -> ask(simulation, process))
                    .hasCauseInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("broker-1:9092 refused " + mechanism + " for user 'alice'")
                    .hasMessageContaining("Authentication failed")
                    .hasMessageNotContaining("wr0ng");
            assertThat(simulation.nowNanos()).isLessThan(Duration.ofSeconds(1).toNanos());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void unknownUserIsRefusedLikeAWrongPassword(String mechanism) {
        try (Simulation simulation = new Simulation(1)) {
            SimulatedProcess process = simulation.process("client", network(simulation), config(mechanism, "mallory", "s3cret"), null);

            assertThatThrownBy(() -> ask(simulation, process))
                    .hasCauseInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("for user 'mallory'");
        }
    }

    @Test
    void mechanismThatIsNotEnabledIsToldWithThoseThatAre() {
        try (Simulation simulation = new Simulation(1)) {
            SimulatedNetwork network = network(simulation);
            network.tell(cluster -> cluster.sasl().mechanisms("SCRAM-SHA-256", "SCRAM-SHA-512"));
            SimulatedProcess process = simulation.process("client", network, config("PLAIN", "alice", "s3cret"), null);

            assertThatThrownBy(() -> ask(simulation, process))
                    .hasCauseInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("does not offer PLAIN (sasl.mechanism): it offers SCRAM-SHA-256, SCRAM-SHA-512");
        }
    }

    @Test
    void brokerWithoutSaslIsToldFromOneThatRefuses() {
        try (Simulation simulation = new Simulation(1)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1));
            SimulatedProcess process = simulation.process("client", network, config("PLAIN", "alice", "s3cret"), null);

            assertThatThrownBy(() -> ask(simulation, process))
                    .hasCauseInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("does not authenticate by SASL on this port");
        }
    }

    @Test
    void brokerThatEndsTheExchangeBeforeItHasProvedItselfIsNotTrusted() {
        try (Simulation simulation = new Simulation(1)) {
            SimulatedNetwork network = network(simulation);
            network.tell(cluster -> cluster.on(SaslAuthenticateRequest.class).skip(1).always().reply(request -> new SaslAuthenticateResponse()));
            SimulatedProcess process = simulation.process("client", network, config("SCRAM-SHA-256", "alice", "s3cret"), null);

            assertThatThrownBy(() -> ask(simulation, process))
                    .hasCauseInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("the broker sent no signature");
        }
    }

    @Test
    void messageOfABrokerIsBounded() {
        try (Simulation simulation = new Simulation(1)) {
            SimulatedNetwork network = network(simulation);
            network.tell(cluster -> cluster.on(SaslAuthenticateRequest.class).always()
                    .reply(request -> new SaslAuthenticateResponse().authBytes(new byte[200 * 1024])));
            SimulatedProcess process = simulation.process("client", network, config("SCRAM-SHA-256", "alice", "s3cret"), null);

            assertThatThrownBy(() -> ask(simulation, process)).hasMessageContaining("a message of 204800 bytes");
        }
    }

    @Test
    void connectionThatEndsDuringAuthenticationIsTriedAgainAndSaidToHaveEndedThere() {
        try (Simulation simulation = new Simulation(1)) {
            SimulatedNetwork network = network(simulation);
            List<Intervention<?, ?>> cuts = new ArrayList<>();
            network.tell(cluster -> cuts.add(cluster.on(SaslAuthenticateRequest.class).always().cutBefore()));
            SimulatedProcess process = simulation.process("client", network, config("SCRAM-SHA-256", "alice", "s3cret"), null);

            assertThatThrownBy(() -> ask(simulation, process))
                    .hasCauseInstanceOf(TimeoutException.class)
                    .hasMessageContaining("closed the connection during authentication");
            network.tell(cluster -> cuts.get(0).cancel());
            assertThat(ask(simulation, process).brokers()).hasSize(1);
        }
    }
}
