package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.SECOND;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.awaitLoop;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.consumer;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.message.FetchRequest;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records come in their order, each once, whatever becomes of the requests that bring them. */
@Timeout(60)
class FetchOrderTest {

    private static long offset(ScriptedBrokers.Asked asked) {
        return asked.as(FetchRequest.class).topics().get(0).partitions().get(0).fetchOffset();
    }

    @Test
    void anAnswerToAFormerAssignmentIsNotTakenForTheNewOne() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.logs().append(0, "a", "b");
            brokers.logs().append(0, "c", "d");
            brokers.once(ApiKey.FETCH, ScriptedBrokers.after(held, brokers::properAnswer));
            consumer.assign(List.of(FIRST));
            consumer.seek(FIRST, 0);
            brokers.next(ApiKey.FETCH);

            consumer.assign(List.of(SECOND));
            consumer.assign(List.of(FIRST));
            consumer.seek(FIRST, 2);
            held.countDown();

            assertThat(read(consumer, 2)).containsExactly("c", "d");
        }
    }

    @Test
    void whatTheOldAndTheNewLeaderBothAnswerComesOnce() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (ScriptedBrokers brokers = ScriptedBrokers.start(2, 1);
                KafkaConsumer<String, String> consumer = consumer(brokers).config("metadata.max.age.ms", 50).build()) {
            brokers.logs().append(0, "a", "b");
            brokers.once(ApiKey.FETCH, request -> {
                var answer = brokers.properAnswer(request);
                return ScriptedBrokers.after(held, again -> answer).to(request);
            });
            consumer.assign(List.of(FIRST));
            assertThat(brokers.next(ApiKey.FETCH).node()).isEqualTo(1);

            brokers.logs().change(0, log -> log.lead(2));
            assertThat(offset(brokers.next(ApiKey.FETCH))).isZero();
            assertThat(offset(brokers.next(ApiKey.FETCH))).as("the new leader's answer has been taken").isEqualTo(2);
            held.countDown();
            assertThat(brokers.next(ApiKey.METADATA).node()).isPositive();
            awaitLoop(consumer);
            brokers.logs().append(0, "c");

            assertThat(read(consumer, 3)).containsExactly("a", "b", "c");
        }
    }

    @Test
    void recordsThatArePausedAwayComeBackInTheirPlace() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = consumer(brokers).config("buffer.memory", 131_072).build()) {
            brokers.logs().append(0, "a", "b".repeat(40_000));
            brokers.logs().append(0, "c", "d");
            brokers.once(ApiKey.FETCH, brokers::properAnswer, ScriptedBrokers.after(held, brokers::properAnswer));
            consumer.assign(List.of(FIRST));
            assertThat(offset(brokers.next(ApiKey.FETCH))).isZero();
            assertThat(offset(brokers.next(ApiKey.FETCH))).isEqualTo(2);

            consumer.pause(List.of(FIRST));
            held.countDown();
            awaitLoop(consumer);
            consumer.resume(List.of(FIRST));

            assertThat(read(consumer, 4)).extracting(value -> value.substring(0, 1)).containsExactly("a", "b", "c", "d");
        }
    }
}
