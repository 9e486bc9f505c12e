package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerBuilder;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.message.ProduceRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** To which of three brokers, each of which leads a partition, records without keys go. */
class SharedOutRecordsTest {

    private static final String TOPIC = "orders";
    private static final int BURST = 8;
    private static final Duration BETWEEN_BURSTS = Duration.ofMillis(10);

    private final Simulation simulation = new Simulation(11);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1));
    private long[] sentBefore = new long[3];

    SharedOutRecordsTest() {
        network.tell(cluster -> {
            cluster.addBroker(2, "broker-2", 9092, "near");
            cluster.addBroker(3, "broker-3", 9092, "far");
            cluster.createTopic(TOPIC, 3);
        });
    }

    /** By broker: the records in the log of the partition that it leads. */
    private long[] written() {
        return network.ask(cluster -> {
            long[] counts = new long[3];
            for (int partition = 0; partition < 3; partition++) {
                counts[cluster.leaderOf(TOPIC, partition) - 1] += cluster.log(TOPIC, partition).endOffset();
            }
            return counts;
        });
    }

    /** By broker: the records that came since the last call. */
    private long[] writtenSince() {
        long[] now = written();
        long[] since = new long[3];
        Arrays.setAll(since, broker -> now[broker] - sentBefore[broker]);
        sentBefore = now;
        return since;
    }

    private static List<Long> boxed(long[] counts) {
        return Arrays.stream(counts).boxed().toList();
    }

    private SimulatedProcess sendSteadily(UnaryOperator<ProducerBuilder<byte[], byte[]>> options) {
        return simulation.process("application", network, Map.of(), process -> {
            ProducerBuilder<byte[], byte[]> builder = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes())
                    .connections(process.connections()).batchSize(8_000);
            try (KafkaProducer<byte[], byte[]> producer = options.apply(builder).build()) {
                while (true) {
                    for (int i = 0; i < BURST; i++) {
                        producer.send(TOPIC, new byte[1_000]);
                    }
                    simulation.sleep(BETWEEN_BURSTS);
                }
            }
        });
    }

    private void slowDown(int broker) {
        network.tell(cluster -> cluster.on(ProduceRequest.class).broker(broker).always().delay(Duration.ofMillis(400)));
    }

    @Test
    void slowBrokerGetsFewerRecordsThanTheOthers() {
        try (simulation) {
            slowDown(2);
            sendSteadily(options -> options);
            simulation.run(Duration.ofSeconds(5));

            long[] written = written();
            assertThat(written[1]).isPositive().isLessThan(written[0] / 3).isLessThan(written[2] / 3);
            assertThat((double) written[0]).isBetween(written[2] * 0.8, written[2] * 1.25);
        }
    }

    @Test
    void slowBrokerGetsAsManyAsTheOthersIfThatIsWanted() {
        try (simulation) {
            slowDown(2);
            sendSteadily(options -> options.partitionerAdaptive(false));
            simulation.run(Duration.ofSeconds(20));

            long[] written = written();
            assertThat((double) written[1]).isBetween(written[0] * 0.8, written[0] * 1.25);
        }
    }

    @Test
    void brokersThatAreEquallyFastGetEquallyMany() {
        try (simulation) {
            sendSteadily(options -> options);
            simulation.run(Duration.ofSeconds(5));

            long[] written = written();
            assertThat((double) written[1]).isBetween(written[0] * 0.8, written[0] * 1.25);
            assertThat((double) written[2]).isBetween(written[0] * 0.8, written[0] * 1.25);
        }
    }

    @Test
    void recordsWithKeysGoWhereThoseWithoutGoIfKeysAreIgnored() {
        byte[] key = {1};
        try (simulation) {
            simulation.process("application", network, Map.of(), process -> {
                try (KafkaProducer<byte[], byte[]> producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes())
                        .connections(process.connections()).batchSize(2_000).partitionerIgnoreKeys(true).build()) {
                    for (int i = 0; i < 300; i++) {
                        producer.send(TOPIC, key, new byte[500]);
                    }
                }
            });
            simulation.run(Duration.ofSeconds(5));

            assertThat(boxed(written())).allSatisfy(count -> assertThat(count).isBetween(60L, 140L));
        }
    }

    @Test
    void brokerThatCannotBeSentToForTooLongIsLeftOutUntilItCan() {
        try (simulation) {
            SimulatedProcess process = sendSteadily(options -> options
                    .partitionerAdaptive(false)
                    .partitionerAvailabilityTimeout(Duration.ofMillis(500)));
            simulation.run(Duration.ofSeconds(2));
            assertThat(boxed(writtenSince())).allSatisfy(count -> assertThat(count).isGreaterThan(400L));

            network.blackHole(process, 3, /* toBroker= */ true, /* toClient= */ true);
            simulation.run(Duration.ofSeconds(2));
            writtenSince();
            long sent = sentIn(Duration.ofSeconds(2));
            long[] meanwhile = writtenSince();
            assertThat(meanwhile[2]).isZero();
            assertThat(meanwhile[0] + meanwhile[1]).as("nothing that was sent meanwhile waits for it").isGreaterThan(sent * 95 / 100);

            network.heal(process, 3);
            simulation.run(Duration.ofSeconds(3));
            writtenSince();
            simulation.run(Duration.ofSeconds(2));
            assertThat(boxed(writtenSince())).allSatisfy(count -> assertThat(count).isGreaterThan(400L));
        }
    }

    @Test
    void leadersInTheClientsRackGetEverythingAsLongAsThereAreSuch() {
        try (simulation) {
            SimulatedProcess process = sendSteadily(options -> options
                    .partitionerRackAware(true).config("client.rack", "near").partitionerAvailabilityTimeout(Duration.ofMillis(500)));
            simulation.run(Duration.ofSeconds(1));
            long[] near = writtenSince();
            assertThat(near[1]).isGreaterThan(500);
            assertThat(near[0] + near[2]).isZero();

            network.blackHole(process, 2, /* toBroker= */ true, /* toClient= */ true);
            simulation.run(Duration.ofSeconds(2));
            long[] far = writtenSince();
            assertThat(far[0]).isGreaterThan(200);
            assertThat(far[2]).isGreaterThan(200);
        }
    }

    private long sentIn(Duration time) {
        simulation.run(time);
        return time.dividedBy(BETWEEN_BURSTS) * BURST;
    }
}
