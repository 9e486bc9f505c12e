package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.net.ConnectionListener;
import dev.kafkaboot.protocol.ApiKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** No wait is set between attempts: what the cluster cannot answer is asked again, but not at each turn of the loop. */
class UnpacedMetadataTest {

    @Test
    void topicThatIsNotThereIsNotAskedForAllTheTimeThoughNoWaitIsSet() {
        try (Simulation simulation = new Simulation(21)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1).autoCreateTopics(false));
            ConnectionManager net = simulation.process("client", network, Map.of("retry.backoff.ms", "0"), null).connections();
            AtomicInteger asked = new AtomicInteger();
            net.addListener(new ConnectionListener() {
                @Override
                public void requestSent(Node broker, ApiKey request, int bytes) {
                    if (request == ApiKey.METADATA) {
                        asked.incrementAndGet();
                    }
                }
            });
            net.metadata().watch("missing");
            assertThat(simulation.await(net.metadata().refresh(), Duration.ofSeconds(5))).isTrue();
            int before = asked.get();

            simulation.run(Duration.ofSeconds(1));

            assertThat(asked.get() - before).isBetween(10, 130);
        }
    }
}
