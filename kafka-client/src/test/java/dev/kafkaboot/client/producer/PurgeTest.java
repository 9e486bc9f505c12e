package dev.kafkaboot.client.producer;

import static dev.kafkaboot.client.producer.ScriptedCluster.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.serialization.Serializers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PurgeTest {

    private final ScriptedCluster cluster = ScriptedCluster.start(1, 1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    @AfterEach
    void stop() throws IOException {
        mayAnswer.countDown();
        cluster.close();
    }

    private static Persistence persistenceOf(CompletableFuture<?> failed) throws Exception {
        try {
            failed.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(SendException.class).hasMessageContaining("purged").hasMessageContaining(TOPIC);
            return ((SendException) e.getCause()).persistence();
        }
        throw new AssertionError("It did not fail");
    }

    /** One record is with the broker, which does not answer; another waits. */
    private void purge(Purge what, Purged then) throws Exception {
        cluster.answer(request -> {
            mayAnswer.await();
            return cluster.accept(request);
        });
        try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(cluster.bootstrapServers()).linger(Duration.ZERO).build()) {
            CompletableFuture<RecordMetadata> inFlight = producer.send(TOPIC, "in flight");
            cluster.next();
            CompletableFuture<RecordMetadata> waiting = producer.send(TOPIC, "waiting");

            producer.purge(what).get(20, TimeUnit.SECONDS);

            then.checks(inFlight, waiting);
            CompletableFuture<RecordMetadata> later = producer.send(TOPIC, "later");
            mayAnswer.countDown();
            assertThat(later.get(20, TimeUnit.SECONDS).offset()).isEqualTo(1);
            producer.flush();
            assertThat(producer.bufferedBytes()).isZero();
        }
        assertThat(cluster.log(0)).containsExactly("in flight", "later");
    }

    private interface Purged {

        void checks(CompletableFuture<RecordMetadata> inFlight, CompletableFuture<RecordMetadata> waiting) throws Exception;
    }

    @Test
    void whatWaitsFailsAndWhatIsInFlightGoesOn() throws Exception {
        purge(Purge.QUEUED, (inFlight, waiting) -> {
            assertThat(persistenceOf(waiting)).isEqualTo(Persistence.NOT_PERSISTED);
            assertThat(inFlight).isNotDone();
            mayAnswer.countDown();
            assertThat(inFlight.get(20, TimeUnit.SECONDS).offset()).isZero();
        });
    }

    @Test
    void whatIsInFlightFailsAsPossiblyWrittenIfThatIsAskedFor() throws Exception {
        purge(Purge.QUEUED_AND_IN_FLIGHT, (inFlight, waiting) -> {
            assertThat(persistenceOf(waiting)).isEqualTo(Persistence.NOT_PERSISTED);
            assertThat(persistenceOf(inFlight)).isEqualTo(Persistence.POSSIBLY_PERSISTED);
        });
    }

    @Test
    void whatWaitsForItsTopicFails() throws Exception {
        try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers("127.0.0.1:1").build()) {
            CompletableFuture<RecordMetadata> parked = producer.send(TOPIC, "a");

            producer.purge(Purge.QUEUED).get(20, TimeUnit.SECONDS);

            assertThat(persistenceOf(parked)).isEqualTo(Persistence.NOT_PERSISTED);
            assertThat(producer.bufferedBytes()).isZero();
        }
    }

    @Test
    void closedProducerHasNothingToPurge() throws Exception {
        KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(cluster.bootstrapServers()).build();
        producer.close();

        assertThatThrownBy(() -> producer.purge(Purge.QUEUED).get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(ClientClosedException.class);
    }
}
