package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.TransactionRun.TOPIC;
import static dev.kafkaboot.client.sim.TransactionRun.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.ProducerFencedException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.TransactionStateException;
import dev.kafkaboot.client.TwoPhaseCommitException;
import dev.kafkaboot.client.UnknownCommitOutcomeException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.PreparedTxnState;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ApiVersionsRequest;
import dev.kafkaboot.protocol.message.EndTxnRequest;
import dev.kafkaboot.protocol.message.InitProducerIdRequest;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.test.fake.FakeKafka;
import dev.kafkaboot.test.fake.TwoPhaseCommit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions that somebody else decides on (KIP-939), against brokers that do all of it and against those that do not. */
class TwoPhaseCommitTest {

    private static final boolean KEEP = true;

    private static ProducerRecord<String, String> record(String value) {
        return new ProducerRecord<>(TOPIC, 0, null, null, value, new Headers());
    }

    private static void run(TwoPhaseCommit allowed, TransactionRun.Body body) {
        TransactionRun.of(cluster -> cluster.twoPhaseCommit(allowed), body);
    }

    private static KafkaProducer<String, String> producer(TransactionRun run) {
        return run.builder().twoPhaseCommit(true).build();
    }

    /** A producer with a transaction that holds one record. */
    private static KafkaProducer<String, String> begun(TransactionRun run, String value) {
        KafkaProducer<String, String> producer = producer(run);
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(record(value));
        return producer;
    }

    /** Prepares a transaction and crashes. */
    private static PreparedTxnState preparedAndLeft(TransactionRun run, String value) {
        try (KafkaProducer<String, String> producer = begun(run, value)) {
            return producer.prepareTransaction();
        }
    }

    @Test
    void preparedTransactionIsCommittedWhenItIsCompleted() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            try (KafkaProducer<String, String> producer = begun(run, "a")) {
                PreparedTxnState state = producer.prepareTransaction();

                assertThat(state.hasTransaction()).isTrue();
                assertThat(run.committed()).isEmpty();
                producer.completeTransaction(state);
                assertThat(run.committed()).containsExactly("a");
                producer.beginTransaction();
                producer.send(record("b"));
                assertThat(producer.prepareTransaction()).isNotEqualTo(state);
                producer.commitTransaction();
            }
            assertThat(run.committed()).containsExactly("a", "b");
        });
    }

    @Test
    void preparationWaitsForAllRecordsAndAsksTheCoordinatorNothing() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            List<String> requests = run.observe();
            try (KafkaProducer<String, String> producer = begun(run, "a")) {
                producer.prepareTransaction();
            }

            assertThat(requests).containsExactly("InitProducerId", "Produce");
        });
    }

    @Test
    void preparedTransactionOutlivesItsProducerAndIsCommittedByTheNext() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            String stored = preparedAndLeft(run, "a").toString();
            run.simulation().sleep(Duration.ofMinutes(20));

            try (KafkaProducer<String, String> next = producer(run)) {
                PreparedTxnState kept = next.initTransactions(KEEP);

                assertThat(kept).isEqualTo(new PreparedTxnState(stored));
                assertThat(run.committed()).isEmpty();
                next.completeTransaction(new PreparedTxnState(stored));
                assertThat(run.committed()).containsExactly("a");
                next.beginTransaction();
                next.send(record("b"));
                next.commitTransaction();
            }
            assertThat(run.committed()).containsExactly("a", "b");
        });
    }

    @Test
    void offsetsOfAPreparedTransactionAreCommittedWithIt() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            PreparedTxnState state;
            try (KafkaProducer<String, String> producer = begun(run, "a")) {
                producer.sendOffsets(Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(5)), new ConsumerGroupMetadata("group", -1, "", null));
                state = producer.prepareTransaction();
            }
            try (KafkaProducer<String, String> next = producer(run)) {
                next.initTransactions(KEEP);
                next.completeTransaction(state);
            }

            run.simulation().sleep(Duration.ofSeconds(1));
            assertThat(run.committedOffset("group", 0)).isEqualTo(5);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4711:0"})
    void keptTransactionThatIsNotTheOneDecidedOnIsAborted(String decided) {
        run(TwoPhaseCommit.COMPLETE, run -> {
            preparedAndLeft(run, "a");
            try (KafkaProducer<String, String> next = producer(run)) {
                next.initTransactions(KEEP);
                next.completeTransaction(new PreparedTxnState(decided));
                next.beginTransaction();
                next.send(record("b"));
                next.commitTransaction();
            }
            assertThat(run.committed()).containsExactly("b");
        });
    }

    @Test
    void openTransactionThatWasNotPreparedIsAbortedBecauseNobodyDecidedOnIt() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            PreparedTxnState last;
            KafkaProducer<String, String> crashed = begun(run, "a");
            last = crashed.prepareTransaction();
            crashed.completeTransaction(last);
            crashed.beginTransaction();
            crashed.send(record("unprepared"));
            crashed.flush();

            try (KafkaProducer<String, String> next = producer(run)) {
                assertThat(next.initTransactions(KEEP).hasTransaction()).isTrue();
                next.completeTransaction(last);
            }
            assertThat(failureOf(crashed::commitTransaction)).isInstanceOf(ProducerFencedException.class);
            assertThat(run.committed()).containsExactly("a");
            crashed.close();
        });
    }

    @Test
    void whereNothingIsOpenNothingIsKeptAndNothingCanBeCompleted() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            PreparedTxnState over;
            try (KafkaProducer<String, String> producer = begun(run, "a")) {
                over = producer.prepareTransaction();
                producer.completeTransaction(over);
            }
            try (KafkaProducer<String, String> next = producer(run)) {
                assertThat(next.initTransactions(KEEP).hasTransaction()).isFalse();

                assertThat(failureOf(() -> next.completeTransaction(over))).isInstanceOf(TransactionStateException.class)
                        .hasMessageContaining("no prepared transaction").hasMessageContaining(over.toString());
                next.beginTransaction();
                next.send(record("b"));
                next.commitTransaction();
            }
            assertThat(run.committed()).containsExactly("a", "b");
        });
    }

    @Test
    void producerThatKeepsNothingAbortsWhatWasPrepared() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            preparedAndLeft(run, "a");
            try (KafkaProducer<String, String> next = producer(run)) {
                next.initTransactions();
                next.beginTransaction();
                next.send(record("b"));
                next.commitTransaction();
            }
            assertThat(run.committed()).containsExactly("b");
        });
    }

    @Test
    void whatIsPreparedIsNotAbortedWithoutItsBeingAskedFor() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            PreparedTxnState state = preparedAndLeft(run, "a");
            try (KafkaProducer<String, String> next = producer(run)) {
                assertThat(failureOf(() -> next.inTransaction(transaction -> transaction.send(record("b")))))
                        .isInstanceOf(TransactionStateException.class).hasMessageContaining("initTransactions");
                next.initTransactions(KEEP);
                next.completeTransaction(state);
            }
            assertThat(run.committed()).containsExactly("a");
        });
    }

    @Test
    void preparedTransactionTakesNothingButAnEnd() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            try (KafkaProducer<String, String> producer = begun(run, "a")) {
                producer.prepareTransaction();

                assertThat(producer.send(record("late"))).isCompletedExceptionally();
                assertThat(failureOf(producer::beginTransaction)).isInstanceOf(TransactionStateException.class).hasMessageContaining("completeTransaction");
                assertThat(failureOf(producer::prepareTransaction)).isInstanceOf(TransactionStateException.class);
                assertThat(failureOf(producer::initTransactions)).isInstanceOf(TransactionStateException.class);
                producer.abortTransaction();
            }
            assertThat(run.committed()).isEmpty();
        });
    }

    @Test
    void transactionThatHoldsNothingCanBePreparedAndCompleted() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            List<String> requests = run.observe();
            try (KafkaProducer<String, String> producer = producer(run)) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.completeTransaction(producer.prepareTransaction());
            }

            assertThat(requests).containsExactly("InitProducerId");
        });
    }

    @Test
    void transactionThatHoldsNothingIsNotTakenForTheNextWhichHasItsEpoch() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            KafkaProducer<String, String> crashed = producer(run);
            crashed.initTransactions();
            crashed.beginTransaction();
            PreparedTxnState empty = crashed.prepareTransaction();
            crashed.completeTransaction(empty);
            crashed.beginTransaction();
            crashed.send(record("unprepared"));
            crashed.flush();

            try (KafkaProducer<String, String> next = producer(run)) {
                assertThat(next.initTransactions(KEEP).hasTransaction()).isTrue();
                next.completeTransaction(empty);
            }
            assertThat(empty.hasTransaction()).isFalse();
            assertThat(run.committed()).isEmpty();
            crashed.close();
        });
    }

    @Test
    void transactionWithAFailedRecordIsNotPrepared() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            try (KafkaProducer<String, String> producer = begun(run, "a")) {
                producer.send(record("x".repeat(2_000_000)));

                assertThat(failureOf(producer::prepareTransaction).requiresAbort()).isTrue();
                assertThat(failureOf(() -> producer.completeTransaction(new PreparedTxnState()))).hasMessageContaining("abortTransaction");
                producer.abortTransaction();
            }
        });
    }

    @Test
    void preparationThatIsNotDoneInTimeFailsTheTransaction() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            try (KafkaProducer<String, String> producer = producer(run)) {
                producer.initTransactions();
                producer.beginTransaction();
                run.cluster(cluster -> cluster.on(ProduceRequest.class).always().swallow());
                producer.send(record("a"));

                KafkaException failure = failureOf(() -> producer.prepareTransaction(Duration.ofSeconds(2)));
                assertThat(failure.requiresAbort()).isTrue();
                assertThat(failure).hasMessageContaining("Waited 2 s").hasMessageContaining("nothing of it was committed");
                run.cluster(FakeKafka::clearRules);
                producer.abortTransaction();
            }
            assertThat(run.committed()).isEmpty();
        });
    }

    @Test
    void completionThatIsNotAnsweredInTimeIsUnknownAndCalledAgainWaitsOn() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            PreparedTxnState state = preparedAndLeft(run, "a");
            try (KafkaProducer<String, String> next = producer(run)) {
                next.initTransactions(KEEP);
                run.cluster(cluster -> {
                    cluster.on(EndTxnRequest.class).cutAfter();
                    cluster.on(EndTxnRequest.class).times(5).fail(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
                });

                assertThat(failureOf(() -> next.completeTransaction(state, Duration.ofMillis(100)))).isInstanceOf(UnknownCommitOutcomeException.class);
                next.completeTransaction(state);
                next.beginTransaction();
                next.send(record("b"));
                next.commitTransaction();
            }
            assertThat(run.committed()).containsExactly("a", "b");
        });
    }

    @Test
    void answerThatIsLostIsAskedForAgainAndTellsTheSameTransaction() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            PreparedTxnState state = preparedAndLeft(run, "a");
            run.cluster(cluster -> cluster.on(InitProducerIdRequest.class).cutAfter());
            try (KafkaProducer<String, String> next = producer(run)) {
                assertThat(next.initTransactions(KEEP)).isEqualTo(state);
                assertThat(next.initTransactions(KEEP)).isEqualTo(state);
                next.completeTransaction(state);
                assertThat(next.initTransactions(KEEP).hasTransaction()).as("it is over").isFalse();
            }
            assertThat(run.committed()).containsExactly("a");
        });
    }

    @Test
    void brokersThatHaveNotHeardOfItAreNamedWithWhatTheyLack() {
        run(TwoPhaseCommit.UNKNOWN, run -> {
            List<String> requests = run.observe();
            try (KafkaProducer<String, String> producer = producer(run)) {
                KafkaException failure = failureOf(producer::initTransactions);

                assertThat(failure).isInstanceOf(TwoPhaseCommitException.class)
                        .hasMessageContaining("unstable.api.versions.enable").hasMessageContaining("version 6");
                assertThat(failure.isFatal()).isTrue();
                assertThat(failureOf(producer::beginTransaction)).isInstanceOf(TwoPhaseCommitException.class);
            }
            assertThat(requests).isEmpty();
        });
    }

    @Test
    void brokersThatDoNotAllowItAreNamedWithTheirSettingAndTheRight() {
        run(TwoPhaseCommit.REFUSED, run -> {
            try (KafkaProducer<String, String> producer = producer(run)) {
                KafkaException failure = failureOf(producer::initTransactions);

                assertThat(failure).isInstanceOf(TwoPhaseCommitException.class)
                        .hasMessageContaining("transaction.two.phase.commit.enable=true").hasMessageContaining("TWO_PHASE_COMMIT");
                assertThat(failure.errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
            }
        });
    }

    @Test
    void brokersThatKeepNothingRefuseThatAloneAndAbortNothing() {
        run(TwoPhaseCommit.WITHOUT_KEEPING, run -> {
            KafkaProducer<String, String> first = begun(run, "a");
            PreparedTxnState state = first.prepareTransaction();
            try (KafkaProducer<String, String> next = producer(run)) {
                assertThat(failureOf(() -> next.initTransactions(KEEP))).isInstanceOf(TwoPhaseCommitException.class)
                        .hasMessageContaining("do not keep what was prepared");
            }

            first.completeTransaction(state);
            first.close();
            assertThat(run.committed()).containsExactly("a");
        });
    }

    @Test
    void clusterWhoseTransactionsHaveNoEpochsOfTheirOwnIsRefused() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            run.cluster(cluster -> cluster.on(ApiVersionsRequest.class).always().change(answer -> answer.finalizedFeatures(List.of())));
            try (KafkaProducer<String, String> producer = producer(run)) {
                assertThat(failureOf(producer::initTransactions)).isInstanceOf(TwoPhaseCommitException.class).hasMessageContaining("transaction.version 2");
            }
        });
    }

    @Test
    void producerWithoutTwoPhasesAsksForNone() {
        run(TwoPhaseCommit.COMPLETE, run -> {
            List<Boolean> asked = new ArrayList<>();
            run.cluster(cluster -> cluster.on(InitProducerIdRequest.class).always().before(request -> asked.add(request.enable2Pc())));
            try (KafkaProducer<String, String> producer = run.producer()) {
                producer.inTransaction(transaction -> transaction.send(record("a")));
            }

            assertThat(asked).containsExactly(false);
            assertThat(run.committed()).containsExactly("a");
        });
    }
}
