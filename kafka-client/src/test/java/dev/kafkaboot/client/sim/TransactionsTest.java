package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.TransactionRun.TOPIC;
import static dev.kafkaboot.client.sim.TransactionRun.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.ProducerFencedException;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.TransactionAbortedException;
import dev.kafkaboot.client.TransactionStateException;
import dev.kafkaboot.client.UnknownCommitOutcomeException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnRequest;
import dev.kafkaboot.protocol.message.EndTxnRequest;
import dev.kafkaboot.protocol.message.FindCoordinatorRequest;
import dev.kafkaboot.protocol.message.InitProducerIdRequest;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.test.fake.FakeKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions, call by call: before KIP-360 (2.1), before KIP-890's second part (3.9), and with it (4.3). */
class TransactionsTest {

    private static final ConsumerGroupMetadata GROUP = new ConsumerGroupMetadata("group", -1, "", null);

    private static ProducerRecord<String, String> record(int partition, String value) {
        return new ProducerRecord<>(TOPIC, partition, null, null, value, new Headers());
    }

    private static Map<TopicPartition, OffsetAndMetadata> offset(long offset) {
        return Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(offset));
    }

    private static Throwable causeOf(CompletableFuture<?> future) {
        return catchThrowable(future::join).getCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "3.9", "4.3"})
    void onlyWhatIsCommittedIsRead(String release) {
        TransactionRun.of(release, run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                for (int i = 0; i < 4; i++) {
                    producer.beginTransaction();
                    producer.send(record(0, "a" + i));
                    producer.send(record(1, "b" + i));
                    if (i % 2 == 0) {
                        producer.commitTransaction();
                    } else {
                        producer.flush();
                        producer.abortTransaction();
                    }
                }
            }

            run.simulation().sleep(Duration.ofSeconds(1));
            assertThat(run.committed()).containsExactly("a0", "a2", "b0", "b2");
        });
    }

    @Test
    void coordinatorIsToldOfPartitionsAndGroupsFirstBeforeKip890() {
        TransactionRun.of("3.9", run -> {
            List<String> requests = run.observe();
            try (KafkaProducer<String, String> producer = run.producer()) {
                producer.beginTransaction();
                producer.send(record(0, "a"));
                producer.send(record(1, "b"));
                producer.sendOffsets(offset(1), GROUP);
                producer.commitTransaction();
            }

            assertThat(requests).hasSize(6).startsWith("InitProducerId").endsWith("Commit")
                    .containsSubsequence("AddPartitionsToTxn", "Produce").containsSubsequence("AddOffsetsToTxn", "TxnOffsetCommit");
        });
    }

    @Test
    void nobodyIsToldFirstWithKip890() {
        TransactionRun.of("4.3", run -> {
            List<String> requests = run.observe();
            try (KafkaProducer<String, String> producer = run.producer()) {
                producer.beginTransaction();
                producer.send(record(0, "a"));
                producer.sendOffsets(offset(1), GROUP);
                producer.commitTransaction();
            }

            assertThat(requests).containsExactlyInAnyOrder("InitProducerId", "Produce", "TxnOffsetCommit", "Commit").endsWith("Commit");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.9", "4.3"})
    void endOfAnEmptyTransactionNeedsNoRequest(String release) {
        TransactionRun.of(release, run -> {
            List<String> requests = run.observe();
            try (KafkaProducer<String, String> producer = run.producer()) {
                producer.beginTransaction();
                producer.commitTransaction();
                producer.beginTransaction();
                producer.abortTransaction();
            }

            assertThat(requests).containsExactly("InitProducerId");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "3.9", "4.3"})
    void offsetsCountIfTheTransactionIsCommitted(String release) {
        TransactionRun.of(release, run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                producer.beginTransaction();
                producer.sendOffsets(offset(5), GROUP);
                producer.commitTransaction();
                producer.beginTransaction();
                producer.sendOffsets(offset(9), GROUP);
                producer.abortTransaction();
            }

            run.simulation().sleep(Duration.ofSeconds(1));
            assertThat(run.committedOffset("group", 0)).isEqualTo(5);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "3.9", "4.3"})
    void recordsThatWereNotSentAreDroppedByAnAbortAndSaySo(String release) {
        TransactionRun.of(release, run -> {
            try (KafkaProducer<String, String> producer = run.builder().linger(Duration.ofSeconds(20)).build()) {
                producer.initTransactions();
                producer.beginTransaction();
                CompletableFuture<RecordMetadata> dropped = producer.send(record(0, "dropped"));
                producer.abortTransaction();

                assertThat(causeOf(dropped)).isInstanceOf(SendException.class).hasCauseInstanceOf(TransactionAbortedException.class);
                assertThat(((SendException) causeOf(dropped)).persistence()).isEqualTo(Persistence.NOT_PERSISTED);
                assertThat(((SendException) causeOf(dropped)).requiresAbort()).isFalse();
                producer.beginTransaction();
                producer.send(record(0, "kept"));
                producer.commitTransaction();
            }
            assertThat(run.committed()).containsExactly("kept");
        });
    }

    @Test
    void callsOutOfOrderNameTheStateAndWhatToDo() {
        TransactionRun.of("4.3", run -> {
            try (KafkaProducer<String, String> producer = run.builder().build()) {
                assertThat(failureOf(producer::beginTransaction)).isInstanceOf(TransactionStateException.class)
                        .hasMessageContaining("beginTransaction").hasMessageContaining("'billing'").hasMessageContaining("initTransactions");
                assertThat(causeOf(producer.send(record(0, "a")))).isInstanceOf(TransactionStateException.class);
                producer.initTransactions();
                producer.initTransactions();
                assertThat(causeOf(producer.send(record(0, "a")))).isInstanceOf(TransactionStateException.class)
                        .hasMessageContaining("is in no transaction").hasMessageContaining("beginTransaction");
                assertThat(failureOf(producer::commitTransaction)).isInstanceOf(TransactionStateException.class);
                assertThat(failureOf(producer::abortTransaction)).isInstanceOf(TransactionStateException.class);
                assertThat(failureOf(() -> producer.sendOffsets(offset(1), GROUP))).isInstanceOf(TransactionStateException.class);
                producer.beginTransaction();
                assertThat(failureOf(producer::beginTransaction)).isInstanceOf(TransactionStateException.class)
                        .hasMessageContaining("commit or abort");
                producer.abortTransaction();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "3.9", "4.3"})
    void producerThatBeginsFencesTheOneBeforeAndEndsItsTransaction(String release) {
        TransactionRun.of(release, run -> {
            KafkaProducer<String, String> first = run.producer();
            first.beginTransaction();
            first.send(record(0, "lost"));
            first.flush();
            try (KafkaProducer<String, String> second = run.producer()) {
                KafkaException failure = failureOf(first::commitTransaction);
                assertThat(failure).isInstanceOf(ProducerFencedException.class).hasMessageContaining("Another producer");
                assertThat(failure.isFatal()).isTrue();
                assertThat(failure.requiresAbort()).isFalse();
                assertThat(failureOf(first::abortTransaction)).isInstanceOf(ProducerFencedException.class);
                assertThat(failureOf(first::beginTransaction)).isInstanceOf(ProducerFencedException.class);
                assertThat(causeOf(first.send(record(0, "no")))).isInstanceOf(ProducerFencedException.class);
                first.close();

                second.beginTransaction();
                second.send(record(0, "kept"));
                second.commitTransaction();
            }
            assertThat(run.committed()).containsExactly("kept");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "3.9", "4.3"})
    void commitIsRefusedIfARecordFailedEvenIfNobodyLookedAtItsFuture(String release) {
        TransactionRun.of(release, run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                producer.beginTransaction();
                producer.send(record(0, "a"));
                producer.send(record(0, "x".repeat(2_000_000)));

                KafkaException failure = failureOf(producer::commitTransaction);
                assertThat(failure.requiresAbort()).isTrue();
                assertThat(failure.isFatal()).isFalse();
                assertThat(failure).hasMessageContaining("max.request.size");
                assertThat(failureOf(producer::commitTransaction).requiresAbort()).isTrue();
                assertThat(failureOf(producer::beginTransaction)).hasMessageContaining("abortTransaction");
                producer.abortTransaction();
                producer.beginTransaction();
                producer.send(record(0, "b"));
                producer.commitTransaction();
            }
            assertThat(run.committed()).containsExactly("b");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "3.9", "4.3"})
    void recordWhoseTimeIsUpFailsTheTransactionAndNotTheProducer(String release) {
        TransactionRun.of(release, run -> {
            try (KafkaProducer<String, String> producer = run.builder().config("request.timeout.ms", 1_000).linger(Duration.ZERO)
                    .deliveryTimeout(Duration.ofSeconds(3)).build()) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(record(0, "a"));
                producer.flush();
                run.cluster(cluster -> cluster.on(ProduceRequest.class).always().swallow());
                CompletableFuture<RecordMetadata> late = producer.send(record(0, "late"));
                CompletableFuture<RecordMetadata> behind = producer.send(record(0, "behind"));

                assertThat(failureOf(producer::commitTransaction).requiresAbort()).isTrue();
                assertThat(((SendException) causeOf(late)).requiresAbort()).isTrue();
                assertThat(behind).isCompletedExceptionally();
                run.cluster(FakeKafka::clearRules);
                producer.abortTransaction();
                producer.beginTransaction();
                producer.send(record(0, "b"));
                producer.commitTransaction();
            }
            assertThat(run.committed()).containsExactly("b");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "3.9", "4.3"})
    void commitWhoseAnswerIsLostIsAskedForAgainAndIsCommittedOnce(String release) {
        TransactionRun.of(release, run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                run.cluster(cluster -> cluster.on(EndTxnRequest.class).times(2).cutAfter());
                producer.beginTransaction();
                producer.send(record(0, "a"));
                producer.commitTransaction();
                producer.beginTransaction();
                producer.send(record(0, "b"));
                producer.commitTransaction();
            }
            assertThat(run.committed()).containsExactly("a", "b");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.9", "4.3"})
    void refusalBehindACommitThatWasNotAnsweredIsNotTakenForItsFailure(String release) {
        TransactionRun.of(release, run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                run.cluster(cluster -> {
                    cluster.on(EndTxnRequest.class).cutAfter();
                    cluster.on(EndTxnRequest.class).fail(ErrorCode.PRODUCER_FENCED);
                });
                producer.beginTransaction();
                producer.send(record(0, "a"));

                KafkaException failure = failureOf(producer::commitTransaction);
                assertThat(failure.isFatal()).isTrue();
                assertThat(failure).isInstanceOf(UnknownCommitOutcomeException.class).hasMessageContaining("is not known");
                assertThat(failureOf(producer::beginTransaction)).isInstanceOf(ProducerFencedException.class);
            }
            assertThat(run.committed()).containsExactly("a");
        });
    }

    @Test
    void behindAnyIndefiniteErrorAnotherEpochIsAskedForBeforeKip890() {
        TransactionRun.of("3.9", run -> {
            run.cluster(cluster -> cluster.on(AddPartitionsToTxnRequest.class).cutAfter());
            List<String> requests = run.observe();
            try (KafkaProducer<String, String> producer = run.producer()) {
                producer.beginTransaction();
                producer.send(record(0, "a"));
                producer.commitTransaction();
                producer.beginTransaction();
                producer.send(record(0, "b"));
                producer.commitTransaction();
            }

            assertThat(requests).containsExactly("InitProducerId", "AddPartitionsToTxn", "Produce", "Commit", "InitProducerId",
                    "AddPartitionsToTxn", "Produce", "Commit");
            assertThat(run.committed()).containsExactly("a", "b");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "3.9", "4.3"})
    void commitThatIsNotAnsweredInTimeIsUnknownAndCalledAgainWaitsOn(String release) {
        TransactionRun.of(release, run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                run.cluster(cluster -> cluster.on(EndTxnRequest.class).times(3).fail(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
                producer.beginTransaction();
                producer.send(record(0, "a"));
                producer.flush();

                KafkaException unknown = failureOf(() -> producer.commitTransaction(Duration.ofMillis(50)));
                assertThat(unknown).isInstanceOf(UnknownCommitOutcomeException.class).hasMessageContaining("50 ms")
                        .hasMessageContaining("calling commitTransaction again");
                assertThat(unknown.requiresAbort()).isFalse();
                assertThat(failureOf(producer::abortTransaction)).isInstanceOf(TransactionStateException.class);
                assertThat(failureOf(producer::beginTransaction)).isInstanceOf(TransactionStateException.class);
                producer.commitTransaction();
                assertThat(failureOf(producer::commitTransaction)).as("it was told").isInstanceOf(TransactionStateException.class);
            }
            assertThat(run.committed()).containsExactly("a");
        });
    }

    @Test
    void commitThatEndsWhileNobodyWaitsIsToldToTheNextCall() {
        TransactionRun.of("4.3", run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                run.cluster(cluster -> cluster.on(EndTxnRequest.class).delay(Duration.ofSeconds(1)));
                producer.beginTransaction();
                producer.send(record(0, "a"));
                producer.flush();
                failureOf(() -> producer.commitTransaction(Duration.ofMillis(50)));
                run.simulation().sleep(Duration.ofSeconds(3));

                producer.commitTransaction();
            }
            assertThat(run.committed()).containsExactly("a");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.9", "4.3"})
    void commitThatStillWaitsForItsRecordsWhenItsLimitIsOverMustBeAborted(String release) {
        TransactionRun.of(release, run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                run.cluster(cluster -> cluster.on(ProduceRequest.class).delay(Duration.ofSeconds(2)));
                producer.beginTransaction();
                producer.send(record(0, "a"));

                KafkaException failure = failureOf(() -> producer.commitTransaction(Duration.ofMillis(500)));
                assertThat(failure.requiresAbort()).isTrue();
                assertThat(failure).hasMessageContaining("500 ms").hasMessageContaining("nothing of it was committed");
                producer.abortTransaction();
            }
            assertThat(run.committed()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "3.9", "4.3"})
    void abortWaitsForTheBatchThatIsInFlight(String release) {
        TransactionRun.of(release, run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                run.cluster(cluster -> cluster.on(ProduceRequest.class).delay(Duration.ofSeconds(2)));
                List<String> requests = run.observe();
                producer.beginTransaction();
                CompletableFuture<RecordMetadata> inFlight = producer.send(record(0, "a"));
                run.simulation().sleep(Duration.ofSeconds(1));

                producer.abortTransaction();
                assertThat(inFlight).isDone();
                assertThat(requests).endsWith("Abort");
                producer.beginTransaction();
                producer.send(record(0, "b"));
                producer.commitTransaction();
            }
            assertThat(run.committed()).containsExactly("b");
        });
    }

    @Test
    void initialisationGoesOnWhenALimitIsOver() {
        TransactionRun.of("4.3", run -> {
            run.cluster(cluster -> cluster.on(InitProducerIdRequest.class).times(4).fail(ErrorCode.CONCURRENT_TRANSACTIONS));
            try (KafkaProducer<String, String> producer = run.builder().build()) {
                assertThat(failureOf(() -> producer.initTransactions(Duration.ofMillis(60)))).isInstanceOf(TimeoutException.class)
                        .hasMessageContaining("calling initTransactions again");
                producer.initTransactions();
                producer.beginTransaction();
                producer.abortTransaction();
            }
        });
    }

    @Test
    void bodyThatThrowsAbortsItsTransactionAndOneThatReturnsCommits() {
        TransactionRun.of("4.3", run -> {
            try (KafkaProducer<String, String> producer = run.builder().build()) {
                producer.inTransaction(transaction -> transaction.send(record(0, "a")));
                IllegalArgumentException own = new IllegalArgumentException("the application's own");
                assertThat(catchThrowable(() -> producer.inTransaction(transaction -> {
                    transaction.send(record(0, "b"));
                    throw own;
                }))).isSameAs(own);
                producer.inTransaction(transaction -> {
                    transaction.send(record(0, "c"));
                    transaction.sendOffsets(offset(3), GROUP);
                });
            }
            assertThat(run.committed()).containsExactly("a", "c");
            run.simulation().sleep(Duration.ofSeconds(1));
            assertThat(run.committedOffset("group", 0)).isEqualTo(3);
        });
    }

    @Test
    void failureOfTheAbortIsSuppressedByThatOfTheBody() {
        TransactionRun.of("4.3", run -> {
            try (KafkaProducer<String, String> producer = run.builder().build()) {
                run.cluster(cluster -> cluster.on(EndTxnRequest.class).fail(ErrorCode.PRODUCER_FENCED));
                Throwable thrown = catchThrowable(() -> producer.inTransaction(transaction -> {
                    transaction.send(record(0, "a"));
                    producer.flush();
                    throw new IllegalArgumentException("the application's own");
                }));

                assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
                assertThat(thrown.getSuppressed()).singleElement().isInstanceOf(ProducerFencedException.class);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.9", "4.3"})
    void coordinatorThatMovesIsLookedForAgain(String release) {
        TransactionRun.of(release, 3, run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                producer.beginTransaction();
                producer.send(record(0, "a"));
                producer.flush();
                run.cluster(cluster -> {
                    cluster.on(EndTxnRequest.class).times(2).fail(ErrorCode.NOT_COORDINATOR);
                    cluster.on(FindCoordinatorRequest.class).times(2).fail(ErrorCode.COORDINATOR_NOT_AVAILABLE);
                });
                producer.commitTransaction();
            }
            assertThat(run.committed()).containsExactly("a");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.9", "4.3"})
    void closeAbortsWhatIsOpen(String release) {
        TransactionRun.of(release, run -> {
            KafkaProducer<String, String> producer = run.producer();
            producer.beginTransaction();
            producer.send(record(0, "a"));
            producer.flush();
            List<String> requests = run.observe();
            producer.close();

            assertThat(requests).containsExactly("Abort");
        });
    }

    @Test
    void transactionThatTakesTooLongIsAbortedByTheCoordinatorAndTheProducerGoesOnWithKip890() {
        TransactionRun.of("4.3", run -> {
            try (KafkaProducer<String, String> producer = run.builder().transactionTimeout(Duration.ofSeconds(2)).build()) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(record(0, "late"));
                producer.flush();
                run.simulation().sleep(Duration.ofSeconds(5));

                KafkaException failure = failureOf(producer::commitTransaction);
                assertThat(failure.requiresAbort()).isTrue();
                producer.abortTransaction();
                producer.inTransaction(transaction -> transaction.send(record(0, "kept")));
            }
            assertThat(run.committed()).containsExactly("kept");
        });
    }

    @Test
    void transactionThatTakesTooLongFencesTheProducerBeforeKip890() {
        TransactionRun.of("3.9", run -> {
            try (KafkaProducer<String, String> producer = run.builder().transactionTimeout(Duration.ofSeconds(2)).build()) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(record(0, "late"));
                producer.flush();
                run.simulation().sleep(Duration.ofSeconds(5));

                assertThat(failureOf(producer::commitTransaction)).isInstanceOf(ProducerFencedException.class)
                        .hasMessageContaining("transaction.timeout.ms");
            }
            assertThat(run.committed()).isEmpty();
        });
    }

    @Test
    void topicThatIsForgottenBetweenTransactionsIsWrittenToAgainBeforeKip890() {
        TransactionRun.of("3.9", run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                for (String value : List.of("a", "b", "c")) {
                    producer.inTransaction(transaction -> transaction.send(record(0, value)));
                    run.simulation().sleep(Duration.ofMinutes(15));
                }
            }
            assertThat(run.committed()).containsExactly("a", "b", "c");
        });
    }

    @Test
    void topicThatIsIdleDuringATransactionGoesOnWhereItWasBeforeKip890() {
        TransactionRun.of("3.9", run -> {
            run.cluster(cluster -> cluster.createTopic("invoices", 1));
            try (KafkaProducer<String, String> producer = run.builder().config("metadata.max.idle.ms", 5_000).build()) {
                producer.inTransaction(transaction -> transaction.send(record(0, "a")));
                producer.inTransaction(transaction -> {
                    transaction.send("invoices", "x");
                    producer.flush();
                    run.simulation().sleep(Duration.ofSeconds(20));
                    transaction.send(record(0, "b"));
                });
            }
            assertThat(run.committed()).containsExactly("a", "b");
        });
    }

    @Test
    void bodyThatThrowsWhatAnotherProducerHasFailedWithAbortsItsTransactionAllTheSame() {
        TransactionRun.of("4.3", run -> {
            List<String> requests = run.observe();
            try (KafkaProducer<String, String> producer = run.builder().build()) {
                for (KafkaException others : List.of(
                        new ProducerFencedException("another producer is fenced", null), new UnknownCommitOutcomeException("another's commit", null))) {
                    assertThat(catchThrowable(() -> producer.inTransaction(transaction -> {
                        transaction.send(record(0, "a"));
                        producer.flush();
                        throw others;
                    }))).isSameAs(others);
                    assertThat(requests).endsWith("Abort");
                }
                producer.inTransaction(transaction -> transaction.send(record(0, "b")));
            }
            assertThat(run.committed()).containsExactly("b");
        });
    }

    @Test
    void timeoutThatIsMoreThanTheBrokersAllowIsToldAsThat() {
        TransactionRun.of("4.3", run -> {
            try (KafkaProducer<String, String> producer = run.builder().transactionTimeout(Duration.ofHours(1)).build()) {
                KafkaException failure = failureOf(producer::initTransactions);

                assertThat(failure.errorCode()).isEqualTo(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
                assertThat(failure).hasMessageContaining("transaction.timeout.ms=3600000").hasMessageContaining("transaction.max.timeout.ms");
            }
        });
    }
}
