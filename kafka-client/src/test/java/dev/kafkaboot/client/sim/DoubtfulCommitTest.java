package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.TransactionRun.TOPIC;
import static dev.kafkaboot.client.sim.TransactionRun.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.ProducerFencedException;
import dev.kafkaboot.client.UnknownCommitOutcomeException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.EndTxnRequest;
import dev.kafkaboot.protocol.message.EndTxnResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commits whose answers do not say what has become of them. */
class DoubtfulCommitTest {

    private static EndTxnResponse with(EndTxnResponse response, ErrorCode error) {
        return response.errorCode(error.code());
    }

    /** A coordinator that could not see its decision replicated answers so, and the next one finds it in the log. */
    @ParameterizedTest
    @CsvSource({"3.9,COORDINATOR_NOT_AVAILABLE", "4.3,COORDINATOR_NOT_AVAILABLE", "3.9,NOT_COORDINATOR", "4.3,NOT_COORDINATOR"})
    void fencingBehindADecisionThatMayBeInTheLogIsNotTakenForAFailure(String release, ErrorCode error) {
        TransactionRun.of(release, run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                run.cluster(cluster -> {
                    cluster.on(EndTxnRequest.class).change(response -> with(response, error));
                    cluster.on(EndTxnRequest.class).fail(ErrorCode.PRODUCER_FENCED);
                });
                producer.beginTransaction();
                producer.send(TOPIC, "a");

                KafkaException failure = failureOf(producer::commitTransaction);
                assertThat(failure).isInstanceOf(UnknownCommitOutcomeException.class).hasMessageContaining("is not known");
                assertThat(failure.isFatal()).isTrue();
            }
            assertThat(run.committed()).containsExactly("a");
        });
    }

    @ParameterizedTest
    @CsvSource({"3.9,CONCURRENT_TRANSACTIONS", "4.3,CONCURRENT_TRANSACTIONS", "4.3,COORDINATOR_LOAD_IN_PROGRESS"})
    void fencingBehindAnAnswerBeforeAnyDecisionIsAFailure(String release, ErrorCode error) {
        TransactionRun.of(release, run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                run.cluster(cluster -> {
                    cluster.on(EndTxnRequest.class).fail(error);
                    cluster.on(EndTxnRequest.class).fail(ErrorCode.PRODUCER_FENCED);
                });
                producer.beginTransaction();
                producer.send(TOPIC, "a");

                assertThat(failureOf(producer::commitTransaction)).isInstanceOf(ProducerFencedException.class).hasMessageContaining("was not committed");
            }
            assertThat(run.committed()).isEmpty();
        });
    }
}
