package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.consumer.AcknowledgeType.RELEASE;
import static dev.kafkaboot.client.consumer.AcknowledgeType.RENEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.client.consumer.ShareAcknowledgementMode;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Locks of a share group in virtual time, beside waits, idleness and other threads that last longer than they do. */
class ShareLocksInTimeTest {

    private static final Duration LOCK = Duration.ofSeconds(15);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** What a member does. */
    private interface Application {

        void run(SimulatedProcess process, KafkaShareConsumer<String, String> consumer);
    }

    private final Simulation simulation = new Simulation(13);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster.brokers(1).shareRecordLock(LOCK));
    private boolean finished;

    @AfterEach
    void end() {
        simulation.close();
    }

    /** Runs an application with a member that acknowledges explicitly, to its end. */
    private void member(Map<String, ?> connectionConfig, Map<String, ?> config, Application application) {
        network.tell(cluster -> cluster.createTopic("orders", 1));
        simulation.process("application", network, connectionConfig, process -> {
            var builder = KafkaShareConsumer.builder(Serializers.string(), Serializers.string())
                    .connections(process.connections()).groupId("group").acknowledgementMode(ShareAcknowledgementMode.EXPLICIT);
            config.forEach(builder::config);
            try (KafkaShareConsumer<String, String> consumer = builder.build()) {
                consumer.subscribe(List.of("orders"));
                consumer.poll(MINUTE); // the group begins with what comes after it has joined
                application.run(process, consumer);
            }
            finished = true;
        });
        simulation.run(Duration.ofMinutes(30));
        assertThat(finished).as("the application has come to its end").isTrue();
    }

    private void write(String value) {
        network.tell(cluster -> cluster.log("orders", 0).append(value, value));
    }

    private static List<ConsumerRecord<String, String>> poll(KafkaShareConsumer<String, String> consumer) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        consumer.poll(MINUTE).forEach(records::add);
        return records;
    }

    private static List<String> told(@Nullable List<ConsumerRecord<String, String>> records) {
        return records == null ? List.of() : records.stream().map(record -> record.value() + " " + record.deliveryCount().orElseThrow()).toList();
    }

    @Test
    void recordThatComesLateInALongWaitIsHandedOut() {
        member(Map.of(), Map.of("fetch.max.wait.ms", 30_000), (process, consumer) -> {
            simulation.later(Duration.ofSeconds(20), () -> write("a"));

            assertThat(told(poll(consumer))).containsExactly("a 1");
        });
    }

    @Test
    void waitThatIsLongerThanLocksKeepsNobodyFromAcknowledging() {
        member(Map.of(), Map.of("fetch.max.wait.ms", 30_000), (process, consumer) -> {
            write("a");
            ConsumerRecord<String, String> record = poll(consumer).get(0);
            CompletableFuture<List<ConsumerRecord<String, String>>> waiting = new CompletableFuture<>();
            process.thread("waiting", () -> waiting.complete(poll(consumer)));
            simulation.sleep(Duration.ofSeconds(1)); // the fetch waits at the broker
            consumer.acknowledge(record);
            long begun = simulation.nowNanos();

            assertThat(consumer.commit()).hasSize(1).containsValue(Optional.empty());
            assertThat(Duration.ofNanos(simulation.nowNanos() - begun)).as("the rest of one wait, and another, with which it goes").isLessThan(LOCK.dividedBy(3).multipliedBy(2));
            assertThat(simulation.await(waiting, MINUTE.plusSeconds(1))).isTrue();
        });
    }

    @Test
    void whatIsSaidLateOfARecordIsNotSaidOfItsNextDelivery() {
        member(Map.of(), Map.of(), (process, consumer) -> {
            write("a");
            List<ConsumerRecord<String, String>> slow = poll(consumer);
            assertThat(told(slow)).containsExactly("a 1");
            simulation.sleep(LOCK.plusSeconds(1));
            CompletableFuture<List<ConsumerRecord<String, String>>> again = new CompletableFuture<>();
            process.thread("again", () -> again.complete(poll(consumer)));
            assertThat(simulation.await(again, MINUTE.plusSeconds(1))).isTrue();
            assertThat(told(again.getNow(List.of()))).containsExactly("a 2");

            assertThatThrownBy(() -> consumer.acknowledge(slow.get(0), RELEASE))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("orders-0").hasMessageContaining("delivered again");
            consumer.acknowledge(again.getNow(List.of()).get(0));
            assertThat(consumer.commit()).hasSize(1).containsValue(Optional.empty());
            assertThat(poll(consumer)).isEmpty();
        });
    }

    /** What a leader has counted and not written down is forgotten with it, so the count does not tell the two apart. */
    @Test
    void whatIsSaidLateOfARecordIsNotSaidOfItsNextDeliveryInAnotherSession() {
        member(Map.of(), Map.of(), (process, consumer) -> {
            write("first");
            poll(consumer).forEach(consumer::acknowledge);
            consumer.commit(); // something of the group is written down
            write("a");
            List<ConsumerRecord<String, String>> slow = poll(consumer);
            network.tell(cluster -> cluster.broker(1).stop());
            simulation.sleep(Duration.ofSeconds(1));
            network.tell(cluster -> cluster.broker(1).start());
            CompletableFuture<List<ConsumerRecord<String, String>>> again = new CompletableFuture<>();
            process.thread("again", () -> again.complete(poll(consumer)));
            assertThat(simulation.await(again, MINUTE.plusSeconds(1))).isTrue();
            assertThat(told(again.getNow(List.of()))).isEqualTo(told(slow));

            assertThatThrownBy(() -> consumer.acknowledge(slow.get(0), RELEASE))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("delivered again");
            consumer.acknowledge(again.getNow(List.of()).get(0));
            assertThat(consumer.commit()).hasSize(1).containsValue(Optional.empty());
        });
    }

    @Test
    void connectionThatLocksHangOnIsNotIdle() {
        member(Map.of("connections.max.idle.ms", 4_000), Map.of(), (process, consumer) -> {
            write("a");
            List<ConsumerRecord<String, String>> records = poll(consumer);
            simulation.sleep(Duration.ofSeconds(12));
            consumer.acknowledge(records.get(0));

            assertThat(consumer.commit()).hasSize(1).containsValue(Optional.empty());
        });
    }

    @Test
    void connectionThatARenewedLockHangsOnIsNotIdleEither() {
        member(Map.of("connections.max.idle.ms", 4_000), Map.of(), (process, consumer) -> {
            write("a");
            ConsumerRecord<String, String> record = poll(consumer).get(0);
            simulation.sleep(Duration.ofSeconds(8));
            consumer.acknowledge(record, RENEW);
            assertThat(consumer.commit()).hasSize(1).containsValue(Optional.empty());
            simulation.sleep(Duration.ofSeconds(14));
            consumer.acknowledge(record);

            assertThat(consumer.commit()).hasSize(1).containsValue(Optional.empty());
        });
    }
}
