package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ConnectionListener;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseBroker;
import dev.kafkaboot.test.fake.FakeKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The address of one of two brokers is another cluster's by now, and the client asks several questions at a time, so that each of the two gets one (KIP-1242). */
class MisroutedBrokerTest {

    /** Who lost a connection, and why. */
    private static final class Losses implements ConnectionListener {

        private final List<String> lost = new ArrayList<>();

        @Override
        public void disconnected(Node broker, ConnectionClass connectionClass, @Nullable Throwable cause) {
            if (cause != null) {
                lost.add(broker.id() + " " + cause.getMessage());
            }
        }
    }

    /** Broker 1's, to a cluster that has a broker 2 as well, at another address. */
    private static void givesItsAddressAway(FakeKafka cluster) {
        cluster.on(MetadataRequest.class).broker(1).always().change(answer -> answer.clusterId("theirs").brokers(List.of(
                new MetadataResponseBroker().nodeId(1).host("broker-1").port(9092), new MetadataResponseBroker().nodeId(2).host("stranger").port(9092))));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void brokerOfAnotherClusterLosesItsConnectionsAndNoOtherDoes(long seed) {
        try (Simulation simulation = new Simulation(seed)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(2).autoCreateTopics(false));
            network.tell(cluster -> cluster.createTopic("orders", 2));
            ConnectionManager net = simulation.process("client", network, Map.of("bootstrap.servers", "broker-2:9092"), null).connections();
            Losses losses = new Losses();
            net.addListener(losses);
            net.metadata().watch("orders");
            net.metadata().watch("missing", /* autoCreate= */ true);
            assertThat(simulation.await(net.metadata().refresh(), Duration.ofSeconds(5))).isTrue();
            for (int broker = 1; broker <= 2; broker++) {
                assertThat(simulation.await(net.send(new MetadataRequest(), broker), Duration.ofSeconds(5))).isTrue();
            }
            ClusterSnapshot before = net.metadata().snapshot();

            network.tell(MisroutedBrokerTest::givesItsAddressAway);
            net.metadata().refresh();
            simulation.run(Duration.ofSeconds(10));

            assertThat(losses.lost).anyMatch(loss -> loss.startsWith("1 answered in the name of cluster theirs, but belongs to cluster " + before.clusterId()));
            assertThat(losses.lost).noneMatch(loss -> loss.startsWith("2 "));
            assertThat(net.metadata().snapshot().clusterId()).isEqualTo(before.clusterId());
            assertThat(net.metadata().snapshot().nodes()).containsExactlyElementsOf(before.nodes());
        }
    }
}
