package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.TransactionRun.TOPIC;
import static dev.kafkaboot.client.sim.TransactionRun.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.UnknownCommitOutcomeException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.EndTxnRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Commits of which the outcome comes when nobody waits for it any more. */
class LateCommitTest {

    private static KafkaProducer<String, String> producer(TransactionRun run) {
        KafkaProducer<String, String> producer = run.builder().maxBlock(Duration.ofSeconds(1)).build();
        producer.initTransactions();
        return producer;
    }

    private static void keepLoopBusy(TransactionRun run) {
        ((SimulatedEventLoop) run.process().connections().loop()).keepBusy(Duration.ofSeconds(5));
    }

    @Test
    void commitThatTheLoopCannotTellOfInTimeIsNotToldAsAFailure() {
        TransactionRun.of("4.3", run -> {
            try (KafkaProducer<String, String> producer = producer(run)) {
                run.cluster(cluster -> cluster.on(EndTxnRequest.class).before(request -> keepLoopBusy(run)));

                assertThat(failureOf(() -> producer.inTransaction(transaction -> transaction.send(TOPIC, "a"))))
                        .isInstanceOf(UnknownCommitOutcomeException.class);
                run.simulation().sleep(Duration.ofSeconds(10));
                producer.inTransaction(transaction -> transaction.send(TOPIC, "b"));
            }
            assertThat(run.committed()).containsExactlyInAnyOrder("a", "b");
        });
    }

    @Test
    void commitThatTheLoopDidNotGetRoundToInTimeIsNotCarriedOutLater() {
        TransactionRun.of("4.3", run -> {
            try (KafkaProducer<String, String> producer = producer(run)) {
                assertThat(failureOf(() -> producer.inTransaction(transaction -> {
                    transaction.send(TOPIC, "a");
                    producer.flush();
                    keepLoopBusy(run);
                }))).isInstanceOf(TimeoutException.class).isNotInstanceOf(UnknownCommitOutcomeException.class);
                run.simulation().sleep(Duration.ofSeconds(10));
                producer.inTransaction(transaction -> transaction.send(TOPIC, "b"));
            }
            assertThat(run.committed()).containsExactly("b");
        });
    }

    @Test
    void transactionWhoseCommitIsRefusedWhenNobodyWaitsForItIsAborted() {
        TransactionRun.of("4.3", run -> {
            try (KafkaProducer<String, String> producer = producer(run)) {
                run.cluster(cluster -> {
                    cluster.on(EndTxnRequest.class).times(6).fail(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
                    cluster.on(EndTxnRequest.class).fail(ErrorCode.INVALID_TXN_STATE);
                });

                assertThat(failureOf(() -> producer.inTransaction(transaction -> transaction.send(TOPIC, "a"))))
                        .isInstanceOf(UnknownCommitOutcomeException.class);
                run.simulation().sleep(Duration.ofSeconds(30));
                producer.inTransaction(transaction -> transaction.send(TOPIC, "b"));
            }
            assertThat(run.committed()).containsExactly("b");
        });
    }
}
