package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.consumer.AcknowledgeType.REJECT;
import static dev.kafkaboot.client.consumer.AcknowledgeType.RELEASE;
import static dev.kafkaboot.client.consumer.AcknowledgeType.RENEW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.client.consumer.ShareAcknowledgementMode;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members of a share group in virtual time: locks that time out, deliveries that are counted, and members that fall silent. */
class ShareGroupInTimeTest {

    private static final Duration LONGER_THAN_A_LOCK = Duration.ofSeconds(31);

    private final Simulation simulation = new Simulation(11);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(2));
    private boolean finished;

    @AfterEach
    void end() {
        simulation.close();
    }

    /** Runs an application with a member that acknowledges explicitly, to its end. */
    private void member(Consumer<KafkaShareConsumer<String, String>> application) {
        network.tell(cluster -> {
            cluster.createTopic("orders", 1);
            cluster.moveLeader("orders", 0, 1);
        });
        simulation.process("application", network, Map.of(), process -> {
            try (KafkaShareConsumer<String, String> consumer = join(process)) {
                application.accept(consumer);
            }
            finished = true;
        });
        simulation.run(Duration.ofMinutes(30));
        assertThat(finished).as("the application has come to its end").isTrue();
    }

    private static KafkaShareConsumer<String, String> join(SimulatedProcess process) {
        KafkaShareConsumer<String, String> consumer = KafkaShareConsumer.builder(Serializers.string(), Serializers.string())
                .connections(process.connections()).groupId("group").acknowledgementMode(ShareAcknowledgementMode.EXPLICIT).build();
        consumer.subscribe(List.of("orders"));
        consumer.poll(Duration.ofSeconds(30)); // the group begins with what comes after it has joined
        return consumer;
    }

    private void write(String... values) {
        for (String value : values) {
            network.tell(cluster -> cluster.log("orders", 0).append(value, value));
        }
    }

    private static List<ConsumerRecord<String, String>> poll(KafkaShareConsumer<String, String> consumer) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        consumer.poll(Duration.ofMinutes(1)).forEach(records::add);
        return records;
    }

    private static List<String> told(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(record -> record.value() + " " + record.deliveryCount().orElseThrow()).toList();
    }

    /** The error of the only partition, or null. */
    private static @Nullable ErrorCode commit(KafkaShareConsumer<String, String> consumer) {
        Optional<KafkaException> outcome = consumer.commit().values().iterator().next();
        return outcome.map(KafkaException::errorCode).orElse(null);
    }

    @Test
    void recordWhoseLockTimesOutIsDeliveredAgainAndItsLateAcknowledgementRefused() {
        member(consumer -> {
            write("a");
            List<ConsumerRecord<String, String>> late = poll(consumer);
            assertThat(told(late)).containsExactly("a 1");
            simulation.sleep(LONGER_THAN_A_LOCK);
            consumer.acknowledge(late.get(0));
            assertThat(commit(consumer)).isEqualTo(ErrorCode.INVALID_RECORD_STATE);

            List<ConsumerRecord<String, String>> again = poll(consumer);
            assertThat(told(again)).containsExactly("a 2");
            consumer.acknowledge(again.get(0));
            assertThat(commit(consumer)).isNull();
            assertThat(poll(consumer)).isEmpty();
        });
    }

    @Test
    void releasedRecordComesAgainUntilItWasDeliveredTooOften() {
        member(consumer -> {
            write("a");
            for (int delivery = 1; delivery <= 5; delivery++) {
                List<ConsumerRecord<String, String>> records = poll(consumer);
                assertThat(told(records)).containsExactly("a " + delivery);
                consumer.acknowledge(records.get(0), RELEASE);
            }

            assertThat(poll(consumer)).as("a sixth delivery").isEmpty();
        });
    }

    @Test
    void rejectedRecordDoesNotComeAgain() {
        member(consumer -> {
            write("bad", "good");
            List<ConsumerRecord<String, String>> records = new ArrayList<>(poll(consumer));
            while (records.size() < 2) {
                records.forEach(record -> consumer.acknowledge(record, RELEASE));
                records = poll(consumer);
            }
            consumer.acknowledge(records.get(0), REJECT);
            consumer.acknowledge(records.get(1));

            assertThat(poll(consumer)).isEmpty();
        });
    }

    @Test
    void renewedLockLastsAsLongAgainWhileOtherRecordsAreRead() {
        member(consumer -> {
            write("slow");
            ConsumerRecord<String, String> slow = poll(consumer).get(0);
            for (int renewal = 0; renewal < 3; renewal++) {
                simulation.sleep(Duration.ofSeconds(20));
                consumer.acknowledge(slow, RENEW);
                assertThat(commit(consumer)).isNull();
                write("other");
                List<ConsumerRecord<String, String>> others = poll(consumer);
                assertThat(told(others)).containsExactly("other 1");
                others.forEach(consumer::acknowledge);
            }
            consumer.acknowledge(slow);

            assertThat(commit(consumer)).isNull();
            assertThat(poll(consumer)).isEmpty();
        });
    }

    @Test
    void memberThatFellSilentJoinsAgainWithItsNextPoll() {
        member(consumer -> {
            write("a");
            List<ConsumerRecord<String, String>> late = poll(consumer);
            simulation.sleep(Duration.ofMinutes(6)); // longer than max.poll.interval.ms
            late.forEach(consumer::acknowledge);

            assertThat(told(poll(consumer))).containsExactly("a 2");
        });
    }

    @Test
    void recordsComeAgainFromTheNewLeaderIfTheOldOneHadThem() {
        member(consumer -> {
            write("first"); // where the group begins is written down with its first acknowledgement
            poll(consumer).forEach(consumer::acknowledge);
            assertThat(commit(consumer)).isNull();
            write("a");
            List<ConsumerRecord<String, String>> lost = poll(consumer);
            network.tell(cluster -> cluster.moveLeader("orders", 0, 2));
            lost.forEach(consumer::acknowledge);
            assertThat(commit(consumer)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);

            List<ConsumerRecord<String, String>> again = poll(consumer);
            assertThat(again).extracting(ConsumerRecord::value).containsExactly("a");
            again.forEach(consumer::acknowledge);
            assertThat(commit(consumer)).isNull();
        });
    }

    @Test
    void recordsOfALostConnectionComeAgain() {
        member(consumer -> {
            write("a");
            List<ConsumerRecord<String, String>> lost = poll(consumer);
            network.cut(1);
            lost.forEach(consumer::acknowledge);
            assertThat(consumer.commit().values()).as("not taken for done").singleElement().satisfies(outcome -> assertThat(outcome).isPresent());

            List<ConsumerRecord<String, String>> again = poll(consumer);
            assertThat(told(again)).containsExactly("a 2");
            again.forEach(consumer::acknowledge);
            assertThat(commit(consumer)).isNull();
        });
    }

    @Test
    void whoeverClosesHandsItsRecordsToTheOthersAtOnce() {
        List<String> other = new ArrayList<>();
        member(consumer -> {
            write("a", "b");
            List<ConsumerRecord<String, String>> records = poll(consumer);
            while (records.size() < 2) {
                records.forEach(record -> consumer.acknowledge(record, RELEASE));
                records = poll(consumer);
            }
            consumer.acknowledge(records.get(0));
            consumer.close();
            SimulatedProcess second = simulation.process("second", network, Map.of(), process -> {
                try (KafkaShareConsumer<String, String> next = KafkaShareConsumer.builder(Serializers.string(), Serializers.string())
                        .connections(process.connections()).groupId("group").build()) {
                    next.subscribe(List.of("orders"));
                    next.poll(Duration.ofSeconds(25)).forEach(record -> other.add(record.value()));
                }
            });
            assertThat(second).isNotNull();
        });

        assertThat(other).containsExactly("b");
    }
}
