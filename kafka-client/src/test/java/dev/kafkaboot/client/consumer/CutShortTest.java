package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedBrokers.TOPIC;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.consumer;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.member;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Iterators and streams that are given up before their end skip nothing. */
@Timeout(60)
class CutShortTest {

    private static final Duration IDLE = Duration.ofSeconds(20);

    private static List<String> take(KafkaConsumer<String, String> consumer, int count) {
        return consumer.stream(IDLE).limit(count).map(ConsumerRecord::value).toList();
    }

    @Test
    void whatAStreamDoesNotTakeIsNotSkipped() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.logs().append(0, "a", "b", "c", "d", "e");
            consumer.assign(List.of(FIRST));

            assertThat(take(consumer, 2)).containsExactly("a", "b");
            assertThat(consumer.position(FIRST)).isEqualTo(2);
            assertThat(take(consumer, 1)).containsExactly("c");
            assertThat(read(consumer, 2)).containsExactly("d", "e");
        }
    }

    @Test
    void whatALoopDoesNotTakeIsNotCommitted() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            brokers.logs().append(0, "a", "b", "c", "d", "e");
            try (KafkaConsumer<String, String> consumer = member(brokers).build()) {
                consumer.subscribe(List.of(TOPIC));
                for (ConsumerRecord<String, String> record : consumer) {
                    if (record.value().equals("b")) {
                        break;
                    }
                }
                consumer.commit();
                assertThat(brokers.group().committed(0)).isEqualTo(2);
                assertThat(take(consumer, 1)).containsExactly("c");
            }

            assertThat(brokers.group().committed(0)).as("closing commits what was taken").isEqualTo(3);
        }
    }

    @Test
    void whatWasFoundAndNotTakenIsNeitherSkippedNorCommitted() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            brokers.logs().append(0, "a", "b", "c");
            try (KafkaConsumer<String, String> consumer = member(brokers).build()) {
                consumer.subscribe(List.of(TOPIC));
                Iterator<ConsumerRecord<String, String>> records = consumer.iterator(IDLE);
                assertThat(records.next().value()).isEqualTo("a");
                assertThat(records.hasNext()).isTrue();

                consumer.commit();
                assertThat(brokers.group().committed(0)).isEqualTo(1);
                assertThat(consumer.position(FIRST)).isEqualTo(1);
                assertThat(take(consumer, 1)).containsExactly("b");

                assertThat(records.next().value()).as("b was taken in another way meanwhile").isEqualTo("c");
            }

            assertThat(brokers.group().committed(0)).isEqualTo(3);
        }
    }

    @Test
    void whatWasFoundIsNotCommittedByAClose() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            brokers.logs().append(0, "a", "b");
            try (KafkaConsumer<String, String> consumer = member(brokers).build()) {
                consumer.subscribe(List.of(TOPIC));
                Iterator<ConsumerRecord<String, String>> records = consumer.iterator();
                assertThat(records.next().value()).isEqualTo("a");

                assertThat(records.hasNext()).isTrue();
            }

            assertThat(brokers.group().committed(0)).isEqualTo(1);
        }
    }

    @Test
    void aSeekIsNotUndoneByWhatWasFoundBefore() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.logs().append(0, "a", "b", "c");
            consumer.assign(List.of(FIRST));
            assertThat(consumer.iterator(IDLE).hasNext()).isTrue();

            consumer.seek(FIRST, 2);

            assertThat(consumer.position(FIRST)).isEqualTo(2);
            assertThat(read(consumer, 1)).containsExactly("c");
        }
    }

    @Test
    void whatAThreadFoundThatHasEndedIsForTheOthers() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.logs().append(0, "a", "b");
            consumer.assign(List.of(FIRST));
            Thread looking = new Thread(() -> assertThat(consumer.iterator(IDLE).hasNext()).isTrue());
            looking.start();
            looking.join();

            assertThat(read(consumer, 2)).containsExactly("a", "b");
        }
    }
}
