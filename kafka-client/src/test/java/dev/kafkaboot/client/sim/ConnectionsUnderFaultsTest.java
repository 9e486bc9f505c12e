package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Connections and metadata, with nothing on top. */
class ConnectionsUnderFaultsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void everyRequestEndsInTimeAndAfterTheFaultsEveryRequestSucceeds() {
        Seeds.run("ConnectionsUnderFaultsTest#everyRequestEndsInTimeAndAfterTheFaultsEveryRequestSucceeds", 100, simulation -> {
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3));
            network.tell(cluster -> cluster.createTopic("orders", 4));
            AtomicInteger answered = new AtomicInteger();
            for (int i = 1; i <= 2; i++) {
                simulation.process("client-" + i, network, java.util.Map.of(), process -> askAgainAndAgain(process, answered));
            }
            Faults faults = new Faults(network, java.util.EnumSet.allOf(Faults.Fault.class)).topic("orders", 4).start();

            simulation.run(Duration.ofMinutes(3));
            faults.heal();
            simulation.run(Duration.ofMinutes(2));

            assertThat(answered.get()).isPositive();
            for (SimulatedProcess process : simulation.processes()) {
                int broker = 1 + simulation.newRandom().nextInt(3);
                CompletableFuture<MetadataResponse> reply = process.connections().send(new MetadataRequest(), broker);
                assertThat(process.loop().await(reply, Duration.ofSeconds(2))).as("%s asks broker %s", process, broker).isTrue();
                assertThat(reply.join().brokers()).hasSize(3);
                CompletableFuture<ClusterSnapshot> refreshed = process.connections().metadata().refresh();
                assertThat(process.loop().await(refreshed, Duration.ofSeconds(5))).isTrue();
                assertThat(refreshed.join().nodes()).hasSize(3);
            }
        });
    }

    static void askAgainAndAgain(SimulatedProcess process, AtomicInteger answered) {
        ConnectionManager net = process.connections();
        net.metadata().watch("orders");
        while (true) {
            int broker = process.simulation().newRandom().nextInt(4);
            CompletableFuture<MetadataResponse> reply = broker == 0 ? net.send(new MetadataRequest()) : net.send(new MetadataRequest(), broker);
            // A little more than the request's own limit: its end is handed over to a thread of its own, and processes are paused.
            if (!process.loop().await(reply, LIMIT.multipliedBy(3))) {
                throw new AssertionError("A request has no outcome after " + LIMIT.multipliedBy(3));
            }
            try {
                reply.join();
                answered.incrementAndGet();
            } catch (java.util.concurrent.CompletionException failed) {
                if (!(failed.getCause() instanceof KafkaException)) {
                    throw failed;
                }
            }
            process.simulation().sleep(Duration.ofMillis(200));
        }
    }
}
