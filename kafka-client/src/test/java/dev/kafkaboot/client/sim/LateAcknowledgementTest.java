package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.consumer.AcknowledgeType;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.client.consumer.ShareAcknowledgementMode;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ShareFetchRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a member of a share group says of a record whose lock was over, and which the same member was given again since: brokers do not tell the two deliveries apart.
 * Partition 0 is led by broker 1, partition 1 by broker 2.
 */
class LateAcknowledgementTest {

    private static final Duration LONGER_THAN_A_LOCK = Duration.ofSeconds(31);

    private final Simulation simulation = new Simulation(11);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(2));
    private boolean finished;

    @BeforeEach
    void createTopic() {
        network.tell(cluster -> {
            cluster.createTopic("orders", 2);
            cluster.moveLeader("orders", 0, 1);
            cluster.moveLeader("orders", 1, 2);
        });
    }

    @AfterEach
    void end() {
        simulation.close();
    }

    /** Runs an application with a member that takes one record at a time and acknowledges explicitly, to its end. */
    private void member(Consumer<KafkaShareConsumer<String, String>> application) {
        simulation.process("application", network, Map.of(), process -> {
            try (KafkaShareConsumer<String, String> consumer = KafkaShareConsumer.builder(Serializers.string(), Serializers.string())
                    .connections(process.connections()).groupId("group").maxPollRecords(1)
                    .acknowledgementMode(ShareAcknowledgementMode.EXPLICIT).build()) {
                consumer.subscribe(List.of("orders"));
                consumer.poll(Duration.ofSeconds(30)); // the group begins with what comes after it has joined
                application.accept(consumer);
            }
            finished = true;
        });
        simulation.run(Duration.ofMinutes(30));
        assertThat(finished).as("the application has come to its end").isTrue();
    }

    private void write(int partition, String value) {
        network.tell(cluster -> cluster.log("orders", partition).append(value, value));
    }

    private static List<ConsumerRecord<String, String>> poll(KafkaShareConsumer<String, String> consumer) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        consumer.poll(Duration.ofMinutes(1)).forEach(records::add);
        return records;
    }

    private static List<String> told(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(record -> record.value() + " " + record.deliveryCount().orElseThrow()).toList();
    }

    /** The error of a partition, or null if it has none. */
    private static @Nullable ErrorCode commit(KafkaShareConsumer<String, String> consumer, int partition) {
        Map<TopicIdPartition, Optional<KafkaException>> outcome = consumer.commit();
        return outcome.entrySet().stream().filter(each -> each.getKey().partition() == partition).findFirst().orElseThrow()
                .getValue().map(KafkaException::errorCode).orElse(null);
    }

    private static ConsumerRecord<String, String> keep(KafkaShareConsumer<String, String> consumer) {
        ConsumerRecord<String, String> record = poll(consumer).get(0);
        consumer.acknowledge(record, AcknowledgeType.RENEW);
        assertThat(commit(consumer, 0)).isNull();
        return record;
    }

    @Test
    void recordThatWasGivenAgainAndNotHandedOutIsNotTakenForAcknowledged() {
        member(consumer -> {
            write(0, "a");
            ConsumerRecord<String, String> late = keep(consumer);
            simulation.sleep(LONGER_THAN_A_LOCK);
            write(1, "b");
            network.tell(cluster -> cluster.on(ShareFetchRequest.class).broker(1).delayReply(Duration.ofMillis(200)));
            List<ConsumerRecord<String, String>> others = poll(consumer);
            assertThat(told(others)).containsExactly("b 1");
            simulation.sleep(Duration.ofSeconds(1)); // "a" has come again, and no poll has handed it out
            consumer.acknowledge(others.get(0));
            consumer.acknowledge(late);

            assertThat(commit(consumer, 0)).as("of the first delivery").isEqualTo(ErrorCode.INVALID_RECORD_STATE);
            List<ConsumerRecord<String, String>> again = poll(consumer);
            assertThat(told(again)).containsExactly("a 2");
            consumer.acknowledge(again.get(0));
            assertThat(commit(consumer, 0)).isNull();
            assertThat(poll(consumer)).isEmpty();
        });
    }

    @Test
    void acknowledgementThatIsRefusedTogetherWithAnotherIsNotSentAgainForALaterDelivery() {
        member(consumer -> {
            write(0, "a");
            ConsumerRecord<String, String> late = keep(consumer);
            simulation.sleep(Duration.ofSeconds(20));
            write(0, "b");
            ConsumerRecord<String, String> intime = poll(consumer).get(0);
            simulation.sleep(Duration.ofSeconds(20)); // the lock of "a" is over, that of "b" is not
            consumer.acknowledge(late);
            consumer.acknowledge(intime);

            List<ConsumerRecord<String, String>> again = poll(consumer); // the broker refuses both, and gives "a" out in the same answer
            assertThat(told(again)).containsExactly("a 2");
            simulation.sleep(Duration.ofSeconds(1));
            consumer.acknowledge(again.get(0), AcknowledgeType.RELEASE);
            assertThat(commit(consumer, 0)).as("of the second delivery").isNull();
            assertThat(told(poll(consumer))).containsExactly("a 3");
        });
    }
}
