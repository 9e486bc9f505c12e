package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.await;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.consumer;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.member;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.message.FetchRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How far the consumer knows itself to be behind. */
@Timeout(60)
class LagTest {

    @Test
    void theLagOfAPausedPartitionGrows() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.logs().append(0, "a");
            consumer.assign(List.of(FIRST));
            read(consumer, 1);
            consumer.pause(List.of(FIRST));

            brokers.logs().append(0, "b");
            await(() -> consumer.currentLag(FIRST).orElse(0) == 1); // a fetch that was under way may have told that
            brokers.logs().append(0, "c");

            await(() -> consumer.currentLag(FIRST).orElse(0) == 2);
        }
    }

    @Test
    void endOffsetsAreToldWithoutWaiting() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.logs().append(0, "a", "b");

            assertThat(consumer.endOffsetsAsync(List.of(FIRST)).get(20, TimeUnit.SECONDS)).containsEntry(FIRST, 2L);
            assertThat(consumer.beginningOffsetsAsync(List.of(FIRST)).get(20, TimeUnit.SECONDS)).containsEntry(FIRST, 0L);
        }
    }

    @Test
    void theLagOfAPartitionThatWaitsForMarksGrows() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = member(brokers).commitMarks(CommitMarks.MANUAL).config("max.unmarked.records", 1)
                        .config("buffer.memory", 65_536).build()) {
            brokers.logs().append(0, "a", "b".repeat(60_000));
            consumer.subscribe(List.of(ScriptedBrokers.TOPIC));
            assertThat(read(consumer, 1)).containsExactly("a");
            await(() -> brokers.drain(ApiKey.FETCH).stream().map(each -> each.as(FetchRequest.class).topics().get(0).partitions())
                    .anyMatch(partitions -> partitions.stream().noneMatch(each -> each.partition() == FIRST.partition())));

            brokers.logs().append(0, "c");

            await(() -> consumer.currentLag(FIRST).orElse(0) == 2);
        }
    }
}
