package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedBrokers.TOPIC;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.SECOND;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.consumer;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.member;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.pollUntil;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.CommitFailedException;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConsumerInterceptorTest {

    private final BlockingQueue<Map<TopicPartition, OffsetAndMetadata>> committed = new LinkedBlockingQueue<>();
    private final List<String> closed = new ArrayList<>();

    /** Changes each record's value, or drops the record where that gives null. */
    private final class Changing implements ConsumerInterceptor<String, String> {

        private final String name;
        private final UnaryOperator<@Nullable String> change;

        Changing(String name, UnaryOperator<@Nullable String> change) {
            this.name = name;
            this.change = change;
        }

        @Override
        public ConsumerRecords<String, String> onConsume(ConsumerRecords<String, String> records) {
            List<ConsumerRecord<String, String>> changed = new ArrayList<>();
            records.forEach(record -> {
                String value = change.apply(record.value());
                if (value != null) {
                    changed.add(new ConsumerRecord<>(record.topic(), record.partition(), record.offset(), record.key(), value));
                }
            });
            return new ConsumerRecords<>(Map.of(FIRST, changed));
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            committed.add(offsets);
        }

        @Override
        public void close() {
            closed.add(name);
        }
    }

    /** Fails whatever it is called for. */
    private static final class Failing implements ConsumerInterceptor<String, String> {

        @Override
        public ConsumerRecords<String, String> onConsume(ConsumerRecords<String, String> records) {
            throw new IllegalStateException("onConsume");
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            throw new IllegalStateException("onCommit");
        }

        @Override
        public void close() {
            throw new IllegalStateException("close");
        }
    }

    @Test
    void recordsGoThroughAllInTheirOrderAndOneThatFailsIsPassedOver() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = consumer(brokers)
                        .interceptor(new Changing("first", value -> value + "1"))
                        .interceptor(new Failing())
                        .interceptor(new Changing("second", value -> value + "2"))
                        .build()) {
            brokers.logs().append(0, "a", "b");
            consumer.assign(List.of(FIRST));

            assertThat(read(consumer, 2)).containsExactly("a12", "b12");
        }
    }

    @Test
    void recordsThatWereChangedStillTellWhoTheConsumerWas() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = member(brokers).interceptor(new Changing("only", value -> value)).build()) {
            brokers.logs().append(0, "a");
            consumer.subscribe(List.of(TOPIC));

            ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(20));

            assertThat(records.count()).isEqualTo(1);
            assertThat(records.groupMetadata()).isEqualTo(consumer.groupMetadata());
        }
    }

    @Test
    void commitsAreToldWhenTheyHaveSucceeded() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = member(brokers).autoCommit(false)
                        .interceptor(new Failing()).interceptor(new Changing("only", value -> value)).build()) {
            consumer.assign(List.of(FIRST));
            brokers.once(ApiKey.OFFSET_COMMIT, request -> ScriptedGroup.answer(
                    request.as(OffsetCommitRequest.class), ErrorCode.TOPIC_AUTHORIZATION_FAILED));
            assertThatThrownBy(() -> consumer.commit(Map.of(FIRST, new OffsetAndMetadata(1)))).hasMessageContaining("TOPIC_AUTHORIZATION_FAILED");

            consumer.commit(Map.of(FIRST, new OffsetAndMetadata(2)));

            assertThat(committed.poll(20, TimeUnit.SECONDS)).isEqualTo(Map.of(FIRST, new OffsetAndMetadata(2)));
            assertThat(committed).isEmpty();
        }
    }

    @Test
    void ofACommitThatIsRefusedInPartTheRestIsTold() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        ConsumerListener listener = new ConsumerListener() {
            @Override
            public void committed(int partitions, Duration latency) {
                told.add(partitions + " committed");
            }

            @Override
            public void commitFailed(int partitions, Throwable cause) {
                told.add(partitions + " failed: " + cause.getClass().getSimpleName());
            }
        };
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = member(brokers).autoCommit(false).listener(listener)
                        .interceptor(new Changing("only", value -> value)).build()) {
            brokers.group().assign(SECOND);
            consumer.subscribe(List.of(TOPIC));
            pollUntil(consumer, () -> consumer.assignment().equals(Set.of(SECOND)));

            assertThatThrownBy(() -> consumer.commit(Map.of(FIRST, new OffsetAndMetadata(1), SECOND, new OffsetAndMetadata(2))))
                    .isInstanceOf(CommitFailedException.class).hasMessageContaining("orders-0");

            assertThat(committed.poll(20, TimeUnit.SECONDS)).isEqualTo(Map.of(SECOND, new OffsetAndMetadata(2)));
            assertThat(committed).isEmpty();
            assertThat(told).containsExactlyInAnyOrder("1 committed", "1 failed: CommitFailedException");
        }
    }

    @Test
    void allAreClosedWithTheConsumer() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = consumer(brokers).interceptor(new Changing("first", value -> value))
                    .interceptor(new Failing()).interceptor(new Changing("second", value -> value)).build();

            consumer.close();

            assertThat(closed).containsExactly("first", "second");
        }
    }

    @Test
    void recordsThatAreMarkedAreThoseThatTheApplicationGot() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = member(brokers).commitMarks(CommitMarks.MANUAL)
                        .interceptor(new Changing("only", value -> "b".equals(value) ? null : value + "1")).build()) {
            brokers.logs().append(0, "a", "b", "c");
            consumer.subscribe(List.of(TOPIC));
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(20));
            assertThat(records.count()).isEqualTo(2);

            consumer.mark(records.records(FIRST).get(0));
            assertThat(consumer.marked()).as("b is left out, so nobody has to mark it").containsEntry(FIRST, new OffsetAndMetadata(2));
            consumer.mark(records.records(FIRST).get(1));

            consumer.commitMarked();
            assertThat(brokers.group().committed(0)).isEqualTo(3);
        }
    }

    @Test
    void classNamesAreRefusedWithAHint() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            ConsumerBuilder<String, String> builder = consumer(brokers).config("interceptor.classes", "com.example.Auditing");

            assertThatThrownBy(builder::build).isInstanceOf(ConfigException.class)
                    .hasMessageContaining("interceptor.classes=com.example.Auditing: interceptors are given as objects, by the builder's interceptor(...)");
        }
    }
}
