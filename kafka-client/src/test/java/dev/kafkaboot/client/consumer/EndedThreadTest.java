package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedBrokers.TOPIC;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.member;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.pollUntil;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.OffsetAndMetadata;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is committed of records that were in the hands of a thread when it ended: whether it has finished them is not known. */
@Timeout(60)
class EndedThreadTest {

    private static void inAThreadThatEnds(Runnable task) throws InterruptedException {
        Thread worker = new Thread(task);
        worker.start();
        worker.join();
    }

    private static KafkaConsumer<String, String> subscribed(ScriptedBrokers brokers, String autoCommitIntervalMillis) {
        KafkaConsumer<String, String> consumer = member(brokers).config("auto.commit.interval.ms", autoCommitIntervalMillis).build();
        consumer.subscribe(List.of(TOPIC));
        return consumer;
    }

    @Test
    void recordsOfAThreadThatHasEndedAreNotCommittedWhenTheConsumerIsClosed() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = subscribed(brokers, "600000");
            brokers.logs().append(0, "a", "b");
            read(consumer, 2);
            brokers.logs().append(0, "c", "d");
            inAThreadThatEnds(() -> read(consumer, 2));

            consumer.close();

            assertThat(brokers.group().committed(0)).isEqualTo(2);
        }
    }

    @Test
    void recordsOfAThreadThatHasEndedAreNotCommittedFromTimeToTime() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2); KafkaConsumer<String, String> consumer = subscribed(brokers, "10")) {
            brokers.logs().append(0, "a");
            inAThreadThatEnds(() -> read(consumer, 1));
            brokers.logs().append(1, "b");
            read(consumer, 1);

            pollUntil(consumer, () -> Objects.equals(brokers.group().committed(1), 1L));

            assertThat(brokers.group().committed(0)).isEqualTo(0);
        }
    }

    @Test
    void recordsOfAThreadThatHasEndedAreFinishedIfTheyAreReadAgain() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = subscribed(brokers, "600000");
            brokers.logs().append(0, "a", "b");
            inAThreadThatEnds(() -> read(consumer, 2));
            consumer.seek(FIRST, 0);
            read(consumer, 2);

            consumer.close();

            assertThat(brokers.group().committed(0)).isEqualTo(2);
        }
    }

    @Test
    void threadThatCommitsAndEndsHoldsNothingBack() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = subscribed(brokers, "600000");
            brokers.logs().append(0, "a", "b");
            inAThreadThatEnds(() -> {
                read(consumer, 2);
                consumer.commit(Map.of(FIRST, new OffsetAndMetadata(2)));
            });

            consumer.close();

            assertThat(brokers.group().history()).allMatch(each -> each.equals("0=2")).isNotEmpty();
        }
    }

    @Test
    void threadThatCommitsLessThanItWasGivenHoldsTheRestBack() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = subscribed(brokers, "600000");
            brokers.logs().append(0, "a", "b", "c");
            inAThreadThatEnds(() -> {
                read(consumer, 3);
                consumer.commit(Map.of(FIRST, new OffsetAndMetadata(1)));
            });

            consumer.close();

            assertThat(brokers.group().committed(0)).isEqualTo(1);
        }
    }

    @Test
    void recordsOfAThreadThatHasEndedAreFinishedIfTheApplicationCommitsThem() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = subscribed(brokers, "600000");
            brokers.logs().append(0, "a", "b");
            inAThreadThatEnds(() -> read(consumer, 2));
            consumer.commit();

            consumer.close();

            assertThat(brokers.group().history()).allMatch(each -> each.equals("0=2")).isNotEmpty();
        }
    }
}
