package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A producer whose sends do not wait for anything. */
class ImpatientProducerTest {

    /** Found with seeds of {@link ProducerUnderFaultsTest}: each send asked for the topic and stopped asking at once, so that no answer ever counted. */
    @Test
    void topicIsLearntAlthoughNoSendWaitsForIt() {
        try (Simulation simulation = new Simulation(2)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(3));
            network.tell(cluster -> cluster.createTopic("orders", 2));
            AtomicInteger acknowledged = new AtomicInteger();

            simulation.process("impatient", network, Map.of(), process -> send(process, acknowledged));

            assertThat(simulation.runUntil(() -> acknowledged.get() > 0, Duration.ofSeconds(10))).as("a record was acknowledged").isTrue();
        }
    }

    private static void send(SimulatedProcess process, AtomicInteger acknowledged) {
        try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                .connections(process.connections())
                .maxBlock(Duration.ZERO)
                .build()) {
            while (true) {
                producer.send("orders", "a value").thenRun(acknowledged::incrementAndGet);
                process.simulation().sleep(Duration.ofMillis(200));
            }
        }
    }
}
