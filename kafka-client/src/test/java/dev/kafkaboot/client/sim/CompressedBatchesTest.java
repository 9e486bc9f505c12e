package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Many small compressed batches, as a slow producer makes them. */
class CompressedBatchesTest {

    private static final int BATCHES = 60;

    private static final BufferPoolMXBean DIRECT_BUFFERS = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();

    /** Found by {@link ProducerUnderFaultsTest}, whose reader stood still for seconds: each batch took 128 KB of direct memory for itself alone. */
    @Test
    void readingThemTakesMemoryOnceAndNotForEachBatch() {
        try (Simulation simulation = new Simulation(3)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster);
            network.tell(cluster -> cluster.createTopic("orders", 1));
            AtomicInteger read = new AtomicInteger();
            AtomicLong most = new AtomicLong();
            simulation.process("producer", network, Map.of(), CompressedBatchesTest::send);
            simulation.run(Duration.ofSeconds(60));
            long before = directBuffers();

            simulation.process("consumer", network, Map.of(), process -> read(process, read, most));

            assertThat(simulation.runUntil(() -> read.get() == BATCHES, Duration.ofSeconds(60))).isTrue();
            assertThat(most.get() - before).as("direct buffers that came while records were read").isLessThan(BATCHES / 5);
        }
    }

    private static long directBuffers() {
        return DIRECT_BUFFERS.getCount();
    }

    private static void send(SimulatedProcess process) {
        try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                .connections(process.connections())
                .config("compression.type", "gzip")
                .build()) {
            for (int i = 0; i < BATCHES; i++) {
                producer.send("orders", "a value that is worth compressing".repeat(20));
                producer.flush();
            }
        }
    }

    private static void read(SimulatedProcess process, AtomicInteger read, AtomicLong most) {
        // Looked at with each record, for the garbage collector may take away at any time what there is too much of.
        Serializer<String> looking = Serializers.of(text -> text.getBytes(StandardCharsets.UTF_8), bytes -> {
            most.accumulateAndGet(directBuffers(), Math::max);
            return new String(bytes, StandardCharsets.UTF_8);
        });
        TopicPartition partition = new TopicPartition("orders", 0);
        try (KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), looking)
                .connections(process.connections())
                .build()) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            while (read.get() < BATCHES) {
                read.addAndGet(consumer.poll(Duration.ofSeconds(1)).count());
            }
        }
    }
}
