package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.cluster.ConnectionManager;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster that was away as a whole and is back, for a client that has nothing to send. */
class RestartedBrokerTest {

    /**
     * The bootstrap address is tried as well as the broker. If it was first to answer, it was asked ever after, as one that has not failed; the broker stayed
     * failed, and health reports of an idle application stayed DOWN for good.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void brokerIsTriedAgainAlthoughItsBootstrapAddressAnsweredFirst(long seed) {
        try (Simulation simulation = new Simulation(seed)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1));
            AtomicReference<ConnectionManager> net = new AtomicReference<>();
            simulation.process("idle", network, Map.of(), process -> watch(process, net));
            assertThat(simulation.runUntil(() -> isConnected(net.get()), Duration.ofSeconds(20))).as("connected at first").isTrue();

            network.tell(cluster -> cluster.broker(1).kill());
            assertThat(simulation.runUntil(() -> !isConnected(net.get()), Duration.ofSeconds(20))).as("noticed").isTrue();
            simulation.run(Duration.ofSeconds(5));
            network.tell(cluster -> cluster.broker(1).start());

            assertThat(simulation.runUntil(() -> isConnected(net.get()), Duration.ofSeconds(60))).as("connected again").isTrue();
        }
    }

    private static boolean isConnected(ConnectionManager net) {
        return net != null && net.state().stream().anyMatch(state -> state.broker().id() == 1 && state.isConnected());
    }

    /** As a health check does: it looks, and asks for metadata while nobody is connected. */
    private static void watch(SimulatedProcess process, AtomicReference<ConnectionManager> net) {
        ConnectionManager connections = process.connections();
        net.set(connections);
        while (true) {
            if (!isConnected(connections)) {
                connections.loop().execute(connections.metadata()::requestRefresh);
            }
            process.simulation().sleep(Duration.ofMillis(500));
        }
    }
}
