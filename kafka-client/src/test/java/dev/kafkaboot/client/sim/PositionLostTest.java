package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.OffsetOutOfRangeException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerListener;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.OffsetResetPolicy;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.record.HeaderList;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A position that the log does not hold any more: where reading goes on, and what is told of it. */
class PositionLostTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private final Simulation simulation = new Simulation(11);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1));
    private final List<String> told = new ArrayList<>();

    /** Five records, of which each is a second younger than the one before; the first two are deleted. */
    @BeforeEach
    void makeTheLog() {
        network.tell(cluster -> {
            cluster.createTopic("orders", 1);
            for (int i = 0; i < 5; i++) {
                cluster.log("orders", 0).append(null, Integer.toString(i).getBytes(StandardCharsets.UTF_8), HeaderList.EMPTY, 1_000_000 + i * 1_000L);
            }
            cluster.log("orders", 0).deleteBefore(2);
        });
    }

    @AfterEach
    void end() {
        simulation.close();
    }

    private void run(String outOfRange, OffsetResetPolicy policy, Consumer<KafkaConsumer<String, String>> script) {
        simulation.process("application", network, Map.of(), process -> {
            try (KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                    .connections(process.connections()).autoOffsetReset(policy).config("auto.offset.reset.out.of.range", outOfRange)
                    .listener(new ConsumerListener() {
                        @Override
                        public void positionLost(TopicPartition partition, long position, long resumedAt) {
                            told.add(partition + " " + position + " -> " + resumedAt);
                        }
                    })
                    .build()) {
                consumer.assign(List.of(PARTITION));
                script.accept(consumer);
            }
        });
        simulation.run(Duration.ofMinutes(10));
    }

    private static List<String> poll(KafkaConsumer<String, String> consumer) {
        List<String> values = new ArrayList<>();
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(30));
        records.forEach(record -> values.add(record.value()));
        return values;
    }

    @Test
    void recordsThatWereDeletedBeforeTheyWereReadAreTold() {
        run("reset", OffsetResetPolicy.EARLIEST, consumer -> {
            consumer.seek(PARTITION, 0);

            assertThat(poll(consumer)).containsExactly("2", "3", "4");
        });

        assertThat(told).containsExactly("orders-0 0 -> 2");
    }

    /** Appends records of these times and deletes all but the last ones. */
    private void goOn(int left, long... timestamps) {
        network.tell(cluster -> {
            for (long timestamp : timestamps) {
                String value = "at " + timestamp;
                cluster.log("orders", 0).append(null, value.getBytes(StandardCharsets.UTF_8), HeaderList.EMPTY, timestamp);
            }
            cluster.log("orders", 0).deleteBefore(5 + timestamps.length - left);
        });
    }

    @Test
    void readingGoesOnAtTheTimeOfTheLastRecordThatWasSeen() {
        run("last_seen", OffsetResetPolicy.LATEST, consumer -> {
            consumer.seek(PARTITION, 2);
            assertThat(poll(consumer)).containsExactly("2", "3", "4");

            goOn(3, 1_000_000, 1_000_500, 1_004_000, 1_005_000);

            assertThat(poll(consumer)).as("from the first on that is not older than 4, which was the last").containsExactly("at 1004000", "at 1005000");
        });

        assertThat(told).containsExactly("orders-0 5 -> 7");
    }

    @Test
    void whereNothingIsAsYoungAsTheLastRecordThePolicyDecides() {
        run("last_seen", OffsetResetPolicy.EARLIEST, consumer -> {
            consumer.seek(PARTITION, 4);
            assertThat(poll(consumer)).containsExactly("4");

            goOn(1, 1_000, 2_000);

            assertThat(poll(consumer)).as("it was not read before").containsExactly("at 2000");
        });

        assertThat(told).containsExactly("orders-0 5 -> 6");
    }

    @Test
    void whereNothingIsAsYoungAndThereIsNoPolicyItIsTold() {
        run("last_seen", OffsetResetPolicy.NONE, consumer -> {
            consumer.seek(PARTITION, 4);
            assertThat(poll(consumer)).containsExactly("4");

            goOn(0, 1_000);

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(30))).isInstanceOf(OffsetOutOfRangeException.class)
                        .hasMessageContaining("orders-0=5");
            }
            consumer.seek(PARTITION, 6);
            assertThat(consumer.poll(Duration.ofSeconds(1)).isEmpty()).isTrue();
        });

        assertThat(told).as("nothing was reset").isEmpty();
    }

    @Test
    void theTimeOfWhatWasReadBeforeASeekSaysNothingOfWhereReadingGoesOnAfterIt() {
        run("last_seen", OffsetResetPolicy.EARLIEST, consumer -> {
            consumer.seek(PARTITION, 3);
            assertThat(poll(consumer)).containsExactly("3", "4");

            consumer.seek(PARTITION, 0);

            assertThat(poll(consumer)).as("all that is left of what was asked for").containsExactly("2", "3", "4");
        });

        assertThat(told).containsExactly("orders-0 0 -> 2");
    }

    @Test
    void whereNothingWasSeenThePolicyDecides() {
        run("last_seen", OffsetResetPolicy.EARLIEST, consumer -> {
            consumer.seek(PARTITION, 100);

            assertThat(poll(consumer)).containsExactly("2", "3", "4");
        });

        assertThat(told).containsExactly("orders-0 100 -> 2");
    }

    @Test
    void withoutAPolicyThePositionIsToldAndNothingIsReset() {
        run("reset", OffsetResetPolicy.NONE, consumer -> {
            consumer.seek(PARTITION, 0);

            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(30))).isInstanceOf(OffsetOutOfRangeException.class).hasMessageContaining("orders-0=0");
            consumer.seek(PARTITION, 3);
            assertThat(poll(consumer)).containsExactly("3", "4");
        });

        assertThat(told).as("nothing was reset").isEmpty();
    }
}
