package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.TransactionRun.TOPIC;
import static dev.kafkaboot.client.sim.TransactionRun.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest;
import dev.kafkaboot.test.fake.TwoPhaseCommit;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends of transactions that wait for nothing but offsets: nothing else looks whether they can go on. */
class OffsetsInFlightTest {

    private static final ConsumerGroupMetadata GROUP = new ConsumerGroupMetadata("group", -1, "", null);
    private static final Map<TopicPartition, OffsetAndMetadata> OFFSETS = Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(5));
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static void slowCoordinator(TransactionRun run) {
        run.cluster(cluster -> cluster.on(TxnOffsetCommitRequest.class).delay(Duration.ofSeconds(2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.9", "4.3"})
    void abortGoesOnWhenOffsetsAreAnsweredThatNobodyWaitsForAnyMore(String release) {
        TransactionRun.of(release, run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                slowCoordinator(run);
                producer.beginTransaction();
                assertThat(failureOf(() -> producer.sendOffsets(OFFSETS, GROUP, Duration.ofSeconds(1))).requiresAbort()).isTrue();

                producer.abortTransaction(LIMIT);
                producer.beginTransaction();
                producer.sendOffsets(OFFSETS, GROUP);
                producer.commitTransaction();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.9", "4.3"})
    void commitGoesOnWhenTheOffsetsAreKeptThatItWaitsFor(String release) {
        TransactionRun.of(release, run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                slowCoordinator(run);
                producer.beginTransaction();
                CompletableFuture<Void> kept = producer.sendOffsetsAsync(OFFSETS, GROUP, LIMIT);

                producer.commitTransaction(LIMIT);
                assertThat(kept).isCompleted();
            }
            run.simulation().sleep(Duration.ofSeconds(1));
            assertThat(run.committedOffset("group", 0)).isEqualTo(5);
        });
    }

    @Test
    void preparationGoesOnWhenTheOffsetsAreKeptThatItWaitsFor() {
        TransactionRun.of(cluster -> cluster.twoPhaseCommit(TwoPhaseCommit.COMPLETE), run -> {
            try (KafkaProducer<String, String> producer = run.builder().twoPhaseCommit(true).build()) {
                producer.initTransactions();
                slowCoordinator(run);
                producer.beginTransaction();
                CompletableFuture<Void> kept = producer.sendOffsetsAsync(OFFSETS, GROUP, LIMIT);

                producer.completeTransaction(producer.prepareTransaction(LIMIT));
                assertThat(kept).isCompleted();
            }
        });
    }
}
