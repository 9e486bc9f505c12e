package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Idempotent producers over hours. */
class IdempotenceInTimeTest {

    private static final String TOPIC = "orders";

    /** A topic that is forgotten and comes again must not repeat its first sequences: the broker would take new records for old ones, and drop them. */
    @Test
    void topicThatComesAgainAfterItWasForgottenIsWrittenTo() {
        assertThat(offsetsOfSendsEvery(Duration.ofMinutes(20), 6)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void producerThatTheBrokersHaveForgottenGoesOn() {
        assertThat(offsetsOfSendsEvery(Duration.ofHours(30), 4)).containsExactly(0L, 1L, 2L, 3L);
    }

    private static List<Long> offsetsOfSendsEvery(Duration pause, int count) {
        List<Long> offsets = new ArrayList<>();
        try (Simulation simulation = new Simulation(5)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1));
            network.tell(cluster -> cluster.createTopic(TOPIC, 1));
            simulation.explainWith(new History(simulation::nowNanos)::text);
            simulation.process("patient", network, Map.of(), process -> {
                try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                        .connections(process.connections()).build()) {
                    for (int i = 0; i < count; i++) {
                        producer.send(TOPIC, "value " + i).thenAccept(ack -> offsets.add(ack.offset()));
                        simulation.sleep(pause);
                    }
                }
            });
            simulation.run(pause.multipliedBy(count + 1));
        }
        return offsets;
    }
}
