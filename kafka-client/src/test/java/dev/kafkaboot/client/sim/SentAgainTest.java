package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.test.fake.FakeRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An application that sends again what has failed, as soon as it hears of it, while other batches of the partition are in flight. */
class SentAgainTest {

    private static final String TOPIC = "orders";
    private static final int COUNT = 30;

    /**
     * The batch that is given up has used its attempts up, and the one in flight behind it has not: if that one were only refused with it, and sent again, it
     * would be written first.
     */
    @Test
    void recordThatHasFailedIsNotOvertakenByOneThatWasInFlightBehindIt() {
        List<String> failed = new ArrayList<>();
        List<String> acknowledged = new ArrayList<>();
        List<String> log;
        try (Simulation simulation = new Simulation(5)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1));
            network.tell(cluster -> {
                cluster.createTopic(TOPIC, 1);
                cluster.on(ProduceRequest.class).skip(3).fail(ErrorCode.NOT_ENOUGH_REPLICAS); // with it, the one behind is refused: one attempt less
                cluster.on(ProduceRequest.class).skip(8).fail(ErrorCode.NOT_ENOUGH_REPLICAS); // that one, which has none left
            });
            simulation.process("producer", network, Map.of(), process -> {
                KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                        .connections(process.connections()).linger(Duration.ZERO).config(Map.of("retries", 1, "retry.backoff.ms", 10)).build();
                for (int i = 0; i < COUNT; i++) {
                    if (i == 1) { // the producer has met the broker
                        network.slow(process, 1, 60);
                    }
                    send(producer, "value " + i, failed, acknowledged);
                    simulation.sleep(Duration.ofMillis(i == 0 ? 500 : 5));
                }
            });

            simulation.run(Duration.ofMinutes(1));

            log = network.ask(cluster -> cluster.log(TOPIC, 0).records().stream().map(FakeRecord::valueText).toList());
        }
        assertThat(log).containsExactlyElementsOf(IntStream.range(0, COUNT).mapToObj(i -> "value " + i).toList());
        assertThat(acknowledged).containsExactlyElementsOf(log);
        assertThat(failed).as("what was sent twice").hasSizeGreaterThan(1);
    }

    private static void send(KafkaProducer<String, String> producer, String value, List<String> failed, List<String> acknowledged) {
        producer.send(TOPIC, value).whenComplete((ack, failure) -> {
            if (ack != null) {
                acknowledged.add(value);
            } else {
                failed.add(value);
                send(producer, value, failed, acknowledged);
            }
        });
    }
}
