package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.record.CorruptRecordException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a run makes of polls that fail, of rebalances and of its end. */
@Timeout(60)
class ContainerRunTests {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final RunBench bench = new RunBench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void batchThatCannotBeReadHoldsItsPartitionAndIsNeverSkipped() throws Exception {
        bench.start(0, 1);
        RuntimeException damaged = new RecordDeserializationException(
                "Cannot read orders-0 at offset 5", ScriptedConsumer.partition(0), 5, null, null, new CorruptRecordException("crc"));

        bench.consumer().breaks(0, damaged);
        bench.consumer().fetched(0, 6);
        await().atMost(SOON).until(() -> !bench.run().doesItsWork());
        bench.consumer().fetched(1, 7);

        await().atMost(SOON).until(() -> bench.consumer().committed(1) == 8);
        assertThat(bench.run().lastError()).isSameAs(damaged);
        assertThat(bench.consumer().calls()).noneMatch(call -> call.startsWith("seek"));
        assertThat(bench.consumer().committed(0)).isEqualTo(-1);
        assertThat(bench.done).containsExactly("1@7");

        bench.consumer().breaks(0, null);
        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 7);
        await().atMost(SOON).until(() -> bench.run().lastError() == null);
        assertThat(bench.run().doesItsWork()).isTrue();
    }

    @Test
    void consumerThatItsGroupRefusesTriesAgainAndTheFailureIsToldUntilItIsAMember() throws Exception {
        bench.start(0);
        KafkaException refusal = new KafkaException("group 'billing': GROUP_AUTHORIZATION_FAILED");

        bench.consumer().isRefused(refusal);
        await().atMost(SOON).until(() -> !bench.run().doesItsWork());
        await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> bench.run().lastError() == refusal && !bench.run().doesItsWork());
        assertThat(bench.run().partitions()).isEmpty();

        bench.consumer().isWelcome();
        await().atMost(SOON).until(bench.consumer()::goesOn);
        bench.consumer().assign(0);
        await().atMost(SOON).until(() -> bench.run().lastError() == null);
        assertThat(bench.run().doesItsWork()).isTrue();
    }

    @Test
    void failureThatEveryPollTellsKeepsNoOtherPartitionFromBeingRead() throws Exception {
        bench.start(0, 1);
        bench.consumer().breaks(0, new KafkaException("orders-0: TOPIC_AUTHORIZATION_FAILED"));
        await().atMost(SOON).until(() -> bench.run().lastError() != null);

        bench.consumer().fetched(1, 7);

        await().atMost(SOON).until(() -> bench.consumer().committed(1) == 8);
        assertThat(bench.run().lastError()).hasMessageContaining("TOPIC_AUTHORIZATION_FAILED");
    }

    @Test
    void recordThatCannotBeReadGoesToTheErrorHandlerInItsTurn() throws Exception {
        bench.start(0);
        bench.consumer().fetched(0, 4);
        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 5);

        bench.consumer().breaks(0, new RecordDeserializationException(
                "Cannot deserialise", ScriptedConsumer.partition(0), 5, null, new byte[] {1}, new IllegalArgumentException("no text")));
        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 6);
        bench.consumer().fetched(0, 6);

        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 7);
        assertThat(bench.done).containsExactly("0@4", "skipped orders-0@5", "0@6");
        assertThat(bench.run().lastError()).isNull();
    }
}
