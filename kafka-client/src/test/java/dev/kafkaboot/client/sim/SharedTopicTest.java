package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.message.ProduceRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A topic that two clients of one connection manager use: each has to ask for it itself. */
class SharedTopicTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static KafkaConsumer<byte[], byte[]> reader(SimulatedProcess process) {
        KafkaConsumer<byte[], byte[]> consumer =
                KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes()).connections(process.connections()).build();
        consumer.assign(List.of(new TopicPartition("shared", 0)));
        consumer.poll(Duration.ofSeconds(1));
        return consumer;
    }

    @Test
    void topicWhoseFirstRecordFoundTheBufferFullIsKnownStillWhenNobodyElseUsesIt() {
        AtomicBoolean sent = new AtomicBoolean();
        try (Simulation simulation = new Simulation(5)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1));
            network.tell(cluster -> List.of("filling", "shared", "third", "unknown-before").forEach(topic -> cluster.createTopic(topic, 1)));
            simulation.process("application", network, Map.of(), process -> {
                try (KafkaProducer<byte[], byte[]> producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes())
                        .connections(process.connections()).config("buffer.memory", 65_536).maxRequestSize(32_000).config("batch.size", 16_384).build()) {
                    KafkaConsumer<byte[], byte[]> consumer = reader(process);
                    network.tell(cluster -> cluster.on(ProduceRequest.class).times(1).delay(Duration.ofSeconds(2)));
                    for (int i = 0; i < 8; i++) {
                        producer.trySend("filling", new byte[15_000]);
                        simulation.sleep(Duration.ofMillis(50));
                    }
                    assertThat(producer.trySend("shared", new byte[15_000])).as("the buffer is full").isCompletedExceptionally();
                    producer.partitionsFor("third"); // which brings news of every topic that is watched
                    producer.flush();
                    CompletableFuture<RecordMetadata> together = producer.send("shared", new byte[10]);
                    simulation.await(together, LIMIT);
                    assertThat(together).isCompleted();
                    consumer.close();
                    producer.partitionsFor("unknown-before");

                    CompletableFuture<RecordMetadata> alone = producer.send("shared", new byte[10]);
                    simulation.await(alone, LIMIT);
                    assertThat(alone).isCompleted();
                    sent.set(true);
                }
            });
            simulation.runUntil(sent::get, Duration.ofMinutes(5));
        }

        assertThat(sent).isTrue();
    }
}
