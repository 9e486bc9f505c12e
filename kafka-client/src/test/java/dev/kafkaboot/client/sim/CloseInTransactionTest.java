package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.TransactionRun.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.UnknownCommitOutcomeException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.protocol.message.EndTxnRequest;
import dev.kafkaboot.protocol.message.ProduceRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Producers that are closed while a transaction is on its way to its end. */
class CloseInTransactionTest {

    private static KafkaException causeOf(CompletableFuture<?> future) {
        return (KafkaException) catchThrowable(future::join).getCause();
    }

    private static CompletableFuture<Void> committing(TransactionRun run, KafkaProducer<String, String> producer) {
        run.cluster(cluster -> cluster.on(EndTxnRequest.class).swallow());
        producer.beginTransaction();
        producer.send(TOPIC, "a");
        CompletableFuture<Void> committed = producer.commitTransactionAsync(Duration.ofMinutes(1));
        run.simulation().sleep(Duration.ofSeconds(1));
        return committed;
    }

    @Test
    void commitThatIsNotAnsweredBeforeTheProducerIsClosedIsToldAsUnknown() {
        TransactionRun.of("4.3", run -> {
            KafkaProducer<String, String> producer = run.producer();
            CompletableFuture<Void> committed = committing(run, producer);

            producer.close(Duration.ofSeconds(1));
            run.simulation().await(committed, Duration.ofSeconds(1));
            assertThat(causeOf(committed)).isInstanceOf(UnknownCommitOutcomeException.class).hasCauseInstanceOf(ClientClosedException.class);
            assertThat(causeOf(committed).isFatal()).isTrue();
            assertThat(causeOf(committed).requiresAbort()).isFalse();
            assertThat(run.committed()).containsExactly("a");
        });
    }

    @Test
    void commitThatIsNotAnsweredBeforeItsConnectionsAreClosedIsToldAsUnknown() {
        TransactionRun.of("4.3", run -> {
            KafkaProducer<String, String> producer = run.producer();
            CompletableFuture<Void> committed = committing(run, producer);

            run.process().connections().close();
            run.simulation().await(committed, Duration.ofSeconds(1));
            assertThat(causeOf(committed)).isInstanceOf(UnknownCommitOutcomeException.class).hasCauseInstanceOf(ClientClosedException.class);
            producer.close();
        });
    }

    @Test
    void commitThatWasNotAskedForBeforeTheProducerIsClosedIsNotUnknown() {
        TransactionRun.of("4.3", run -> {
            KafkaProducer<String, String> producer = run.producer();
            run.cluster(cluster -> cluster.on(ProduceRequest.class).always().ignore());
            producer.beginTransaction();
            producer.send(TOPIC, "a");
            CompletableFuture<Void> committed = producer.commitTransactionAsync(Duration.ofMinutes(1));

            producer.close(Duration.ofSeconds(1));
            run.simulation().await(committed, Duration.ofSeconds(1));
            assertThat(causeOf(committed)).isNotInstanceOf(UnknownCommitOutcomeException.class);
            assertThat(run.committed()).isEmpty();
        });
    }

    @Test
    void transactionThatFailsWhileCloseWaitsForItsCommitIsAborted() {
        TransactionRun.of("4.3", run -> {
            KafkaProducer<String, String> producer = run.builder().config("request.timeout.ms", 1_000).linger(Duration.ZERO)
                    .deliveryTimeout(Duration.ofSeconds(3)).build();
            producer.initTransactions();
            List<String> requests = run.observe();
            producer.beginTransaction();
            producer.send(TOPIC, "a");
            producer.flush();
            run.cluster(cluster -> {
                cluster.clearRules();
                cluster.on(ProduceRequest.class).always().ignore();
                cluster.on(EndTxnRequest.class).always().before(request -> requests.add(request.committed() ? "Commit" : "Abort"));
            });
            producer.send(TOPIC, "late");
            CompletableFuture<Void> committed = producer.commitTransactionAsync(Duration.ofMinutes(1));

            producer.close();
            assertThat(causeOf(committed).requiresAbort()).isTrue();
            assertThat(requests).endsWith("Abort");
        });
    }
}
