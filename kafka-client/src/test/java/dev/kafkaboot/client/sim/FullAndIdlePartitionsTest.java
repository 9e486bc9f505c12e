package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One partition has much to read, and the other one of the same broker has nothing. */
class FullAndIdlePartitionsTest {

    private static final int RECORDS = 200;

    /** Found with the benchmark: a fetch that waited for the idle partition kept the other one, which was full when it left, from being fetched. */
    @Test
    void fetchThatWaitsForAnIdlePartitionDoesNotHoldUpTheOther() {
        long[] took = new long[1];
        try (Simulation simulation = new Simulation(3)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1));
            network.tell(cluster -> cluster.createTopic("orders", 2));
            simulation.process("reader", network, Map.of(), process -> {
                fill(process);
                took[0] = read(process);
            });
            simulation.run(Duration.ofMinutes(5));
        }

        assertThat(Duration.ofNanos(took[0])).isPositive().isLessThan(Duration.ofSeconds(5));
    }

    private static void fill(SimulatedProcess process) {
        try (KafkaProducer<byte[], byte[]> producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes())
                .connections(process.connections()).maxRequestSize(12_000).build()) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("orders", 0, null, null, new byte[5_000], new Headers()));
            }
            producer.flush();
        }
    }

    private static long read(SimulatedProcess process) {
        try (KafkaConsumer<byte[], byte[]> consumer = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes())
                .connections(process.connections()).config("max.partition.fetch.bytes", 10_000).build()) {
            List<TopicPartition> both = List.of(new TopicPartition("orders", 0), new TopicPartition("orders", 1));
            consumer.assign(both);
            consumer.seekToBeginning(both);
            long before = process.simulation().nowNanos();
            int count = 0;
            while (count < RECORDS) {
                count += consumer.poll(Duration.ofSeconds(1)).count();
            }
            return process.simulation().nowNanos() - before;
        }
    }
}
