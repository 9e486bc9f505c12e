package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerListener;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Partitions of one broker share a request where the one would be sent a little later than the other. */
class SharedRequestsTest {

    private static final Duration LINGER = Duration.ofMillis(20);

    private final Simulation simulation = new Simulation(5);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1));
    private final Map<Integer, Duration> queued = new TreeMap<>();

    private final class Queued implements ProducerListener {

        @Override
        public void batchSent(TopicPartition partition, int records, int bytes, int uncompressedBytes, Duration time, int attempt) {
            queued.put(partition.partition(), time);
        }
    }

    @AfterEach
    void end() {
        simulation.close();
    }

    /** One record to partition 0, one to partition 1 after a time, one to partition 2 after that time again; each has had one before. */
    private void sendEvery(Duration distance) {
        network.tell(cluster -> cluster.createTopic("orders", 3));
        simulation.process("producer", network, Map.of(), process -> {
            try (KafkaProducer<byte[], byte[]> producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes())
                    .connections(process.connections()).linger(LINGER).listener(new Queued()).build()) {
                for (int partition = 0; partition < 3; partition++) {
                    send(producer, partition);
                }
                simulation.sleep(Duration.ofSeconds(1));
                queued.clear();
                for (int partition = 0; partition < 3; partition++) {
                    send(producer, partition);
                    simulation.sleep(distance);
                }
                simulation.sleep(Duration.ofSeconds(1)); // what is closed lingers no more
            }
        });
        simulation.run(Duration.ofMinutes(1));
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, int partition) {
        producer.send(new ProducerRecord<>("orders", partition, null, null, new byte[10], new Headers()));
    }

    @Test
    void batchThatHasLingeredForHalfOfItsTimeGoesWithOthers() {
        sendEvery(Duration.ofMillis(7));

        assertThat(queued.get(0)).isBetween(LINGER, LINGER.plusMillis(1));
        assertThat(queued.get(1)).as("13 ms after its record").isBetween(Duration.ofMillis(13), Duration.ofMillis(14));
    }

    @Test
    void batchThatIsYoungerWaitsForItsOwnTime() {
        sendEvery(Duration.ofMillis(7));

        assertThat(queued.get(2)).as("6 ms old when the others went").isBetween(LINGER, LINGER.plusMillis(1));
    }

    /**
     * While a request is made, a thread may send to a partition of which it has a batch already, and the making may take long enough for that to have lingered:
     * a broker takes the last batch that a request has of a partition and ignores the others, so it would refuse this one for its sequence. Here both come
     * about where the loop reads the clock for the {@code n}-th time.
     */
    @Test
    void partitionIsInARequestOnceHoweverLongItTakesToMakeIt() {
        for (int n = 1; n <= 20; n++) {
            assertThat(retriedIfHeldUpAt(n)).as("held up where the clock is read for time " + n).isEmpty();
        }
    }

    private static List<String> retriedIfHeldUpAt(int clockRead) {
        List<String> retried = new ArrayList<>();
        AtomicInteger reads = new AtomicInteger();
        ProducerListener listener = new ProducerListener() {
            @Override
            public void batchRetried(TopicPartition partition, int records, Throwable reason) {
                retried.add(reason.getMessage());
            }
        };
        try (Simulation simulation = new Simulation(5)) {
            SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1));
            network.tell(cluster -> cluster.createTopic("orders", 1));
            simulation.process("producer", network, Map.of(), process -> {
                try (KafkaProducer<byte[], byte[]> producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes())
                        .connections(process.connections()).linger(LINGER).listener(listener).build()) {
                    send(producer, 0);
                    simulation.sleep(Duration.ofSeconds(1));
                    SimulatedEventLoop loop = (SimulatedEventLoop) process.loop();
                    send(producer, 0);
                    loop.hurry(() -> {
                        if (!loop.inLoop() || reads.incrementAndGet() != clockRead) {
                            return 0;
                        }
                        send(producer, 0);
                        return LINGER.toNanos();
                    });
                    simulation.sleep(Duration.ofSeconds(1));
                }
            });
            simulation.run(Duration.ofMinutes(1));
        }
        assertThat(reads).as("clock reads").hasValueGreaterThanOrEqualTo(clockRead);
        return retried;
    }

    @Test
    void nothingIsSentEarlierThanItsTimeIfNothingElseIsSent() {
        sendEvery(Duration.ofMillis(30));

        assertThat(queued.values()).hasSize(3).allSatisfy(time -> assertThat(time).isBetween(LINGER, LINGER.plusMillis(1)));
    }
}
