package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.InitProducerIdRequest;
import dev.kafkaboot.protocol.message.InitProducerIdResponse;
import dev.kafkaboot.test.fake.FakeKafka;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How long a producer goes on asking for the id that its batches carry. */
class ProducerIdRequestsTest {

    private static final String TOPIC = "orders";

    @Test
    void idIsAskedForAsLongAsSomethingWaitsForIt() {
        AtomicInteger requests = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        try (Simulation simulation = new Simulation(11)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster);
            network.tell(cluster -> {
                cluster.createTopic(TOPIC, 1);
                cluster.on(InitProducerIdRequest.class).always().reply(request -> {
                    requests.incrementAndGet();
                    return new InitProducerIdResponse().errorCode(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code());
                });
            });
            simulation.process("application", network, Map.of("request.timeout.ms", 1_000), process -> {
                try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                        .connections(process.connections()).deliveryTimeout(Duration.ofSeconds(3)).build()) {
                    CompletableFuture<RecordMetadata> expired = producer.send(TOPIC, "expired");
                    simulation.sleep(Duration.ofSeconds(5));
                    int whileItWaited = requests.get();
                    simulation.sleep(Duration.ofMinutes(1));

                    assertThat(expired).isCompletedExceptionally();
                    assertThat(whileItWaited).isGreaterThan(2);
                    assertThat(requests.get()).as("requests, when nothing has waited for a minute").isEqualTo(whileItWaited);
                    network.tell(FakeKafka::clearRules);
                    producer.send(TOPIC, "kept");
                    producer.flush();
                }
                done.set(true);
            });
            simulation.runUntil(done::get, Duration.ofMinutes(5));
            assertThat(network.<Integer>ask(cluster -> cluster.log(TOPIC, 0).committedRecords().size())).isEqualTo(1);
        }
        assertThat(done).isTrue();
    }
}
