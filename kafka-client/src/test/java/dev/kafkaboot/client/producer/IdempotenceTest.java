package dev.kafkaboot.client.producer;

import static dev.kafkaboot.client.producer.ScriptedCluster.TOPIC;
import static dev.kafkaboot.client.producer.ScriptedCluster.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.InitProducerIdResponse;
import dev.kafkaboot.protocol.message.ProduceResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** By what batches are known to brokers, against brokers that answer as they are told. */
@Timeout(60)
class IdempotenceTest {

    private final ScriptedCluster cluster = ScriptedCluster.start(1, 1);

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    private ProducerBuilder<String, String> builder() {
        return KafkaProducer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(cluster.bootstrapServers()).config("retry.backoff.ms", 10);
    }

    private static long offset(CompletableFuture<RecordMetadata> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS).offset();
    }

    private static SendException failureOf(CompletableFuture<?> future) throws Exception {
        try {
            future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(SendException.class);
            return (SendException) e.getCause();
        }
        throw new AssertionError("It did not fail");
    }

    /** Sends records that make one batch. */
    private static List<CompletableFuture<RecordMetadata>> batch(KafkaProducer<String, String> producer, String... values) {
        List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>();
        for (String value : values) {
            futures.add(producer.send(TOPIC, value));
        }
        producer.flush();
        return futures;
    }

    private ProducerBuilder<String, String> lingering() {
        return builder().linger(Duration.ofSeconds(30));
    }

    private static InitProducerIdResponse refusal(ErrorCode error) {
        return new InitProducerIdResponse().errorCode(error.code()).producerId(-1).producerEpoch((short) -1);
    }

    @Test
    void sequencesOfBatchesFollowEachOther() throws Exception {
        try (KafkaProducer<String, String> producer = lingering().build()) {
            batch(producer, "a", "b", "c");
            batch(producer, "d");
            batch(producer, "e");
        }

        assertThat(cluster.next().stamp()).isEqualTo("41:0:0");
        assertThat(cluster.next().stamp()).isEqualTo("41:0:3");
        assertThat(cluster.next().stamp()).isEqualTo("41:0:4");
        assertThat(cluster.identityRequests()).isEqualTo(1);
    }

    @Test
    void retriedBatchKeepsItsSequence() throws Exception {
        cluster.answer(request -> cluster.accept(request), request -> {
            cluster.accept(request);
            throw new IOException("cut behind the write");
        }, error(ErrorCode.NOT_LEADER_OR_FOLLOWER), error(ErrorCode.DUPLICATE_SEQUENCE_NUMBER));
        try (KafkaProducer<String, String> producer = lingering().build()) {
            batch(producer, "a");
            List<CompletableFuture<RecordMetadata>> retried = batch(producer, "b", "c");
            batch(producer, "d");

            assertThat(offset(retried.get(0))).as("it was written before, nobody knows where").isEqualTo(-1);
        }
        assertThat(cluster.next().stamp()).isEqualTo("41:0:0");
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThat(cluster.next().stamp()).isEqualTo("41:0:1");
        }
        assertThat(cluster.next().stamp()).isEqualTo("41:0:3");
        assertThat(cluster.log(0)).containsExactly("a", "b", "c", "d");
    }

    /** Nobody is sure enough of what a refusal means to use a sequence again: a broker that has it drops what comes with it. */
    @Test
    void behindABatchThatIsRefusedForGoodANewEpochBegins() throws Exception {
        cluster.answer(request -> cluster.accept(request), error(ErrorCode.INVALID_RECORD));
        try (KafkaProducer<String, String> producer = lingering().build()) {
            batch(producer, "a");
            assertThat(failureOf(batch(producer, "b", "c").get(0)).persistence()).isEqualTo(Persistence.NOT_PERSISTED);
            batch(producer, "d");
        }

        assertThat(cluster.next().stamp()).isEqualTo("41:0:0");
        assertThat(cluster.next().stamp()).isEqualTo("41:0:1");
        assertThat(cluster.next().stamp()).isEqualTo("41:1:0");
    }

    @Test
    void behindABatchThatMayBeWrittenAndIsGivenUpANewEpochBegins() throws Exception {
        cluster.answer(request -> cluster.accept(request), error(ErrorCode.REQUEST_TIMED_OUT), error(ErrorCode.NOT_ENOUGH_REPLICAS));
        try (KafkaProducer<String, String> producer = lingering().config("retries", 1).build()) {
            batch(producer, "a");
            assertThat(failureOf(batch(producer, "b").get(0)).persistence()).isEqualTo(Persistence.POSSIBLY_PERSISTED);
            batch(producer, "c", "d");
            batch(producer, "e");
        }

        assertThat(cluster.next().stamp()).isEqualTo("41:0:0");
        assertThat(cluster.next().stamp()).isEqualTo("41:0:1");
        assertThat(cluster.next().stamp()).isEqualTo("41:0:1");
        assertThat(cluster.next().stamp()).isEqualTo("41:1:0");
        assertThat(cluster.next().stamp()).isEqualTo("41:1:2");
        assertThat(cluster.identityRequests()).as("epochs of a partition are the producer's own").isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(value = ErrorCode.class, names = {"OUT_OF_ORDER_SEQUENCE_NUMBER", "UNKNOWN_PRODUCER_ID", "INVALID_PRODUCER_EPOCH"})
    void batchThatABrokerDoesNotTakeBehindWhatItHasBeginsANewEpoch(ErrorCode error) throws Exception {
        cluster.answer(request -> cluster.accept(request), error(error));
        try (KafkaProducer<String, String> producer = lingering().build()) {
            batch(producer, "a");
            assertThat(offset(batch(producer, "b", "c").get(1))).isEqualTo(2);
            batch(producer, "d");
        }

        assertThat(cluster.next().stamp()).isEqualTo("41:0:0");
        assertThat(cluster.next().stamp()).isEqualTo("41:0:1");
        assertThat(cluster.next().stamp()).isEqualTo("41:1:0");
        assertThat(cluster.next().stamp()).isEqualTo("41:1:2");
        assertThat(cluster.log(0)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void batchThatMayBeWrittenIsNeverSentAsAnother() throws Exception {
        cluster.answer(request -> {
            cluster.accept(request);
            throw new IOException("cut behind the write");
        }, error(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER));
        try (KafkaProducer<String, String> producer = lingering().build()) {
            assertThat(failureOf(batch(producer, "a").get(0)).persistence()).isEqualTo(Persistence.POSSIBLY_PERSISTED);
            batch(producer, "b");
        }

        assertThat(cluster.next().stamp()).isEqualTo("41:0:0");
        assertThat(cluster.next().stamp()).isEqualTo("41:0:0");
        assertThat(cluster.next().stamp()).isEqualTo("41:1:0");
        assertThat(cluster.log(0)).containsExactly("a", "b");
    }

    @Test
    void partsOfABatchThatWasTooLargeTakeItsSequences() throws Exception {
        cluster.answer(request -> cluster.accept(request), error(ErrorCode.MESSAGE_TOO_LARGE));
        try (KafkaProducer<String, String> producer = lingering().build()) {
            batch(producer, "a");
            batch(producer, "b", "c");
            batch(producer, "d");
        }

        assertThat(cluster.next().stamp()).isEqualTo("41:0:0");
        assertThat(cluster.next().stamp()).isEqualTo("41:0:1");
        assertThat(cluster.next().stamp()).as("b").isEqualTo("41:0:1");
        assertThat(cluster.next().stamp()).as("c").isEqualTo("41:0:2");
        assertThat(cluster.next().stamp()).as("d").isEqualTo("41:0:3");
    }

    @Test
    void partsOfABatchThatMayBeWrittenKeepItsSequencesWhateverBecomesOfOneAnother() throws Exception {
        cluster.answer(error(ErrorCode.REQUEST_TIMED_OUT), error(ErrorCode.MESSAGE_TOO_LARGE), error(ErrorCode.INVALID_RECORD),
                error(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER));
        try (KafkaProducer<String, String> producer = lingering().build()) {
            for (CompletableFuture<RecordMetadata> part : batch(producer, "a", "b")) {
                assertThat(failureOf(part).persistence()).isEqualTo(Persistence.POSSIBLY_PERSISTED);
            }
            batch(producer, "c");
        }

        assertThat(cluster.next().stamp()).isEqualTo("41:0:0");
        assertThat(cluster.next().stamp()).isEqualTo("41:0:0");
        assertThat(cluster.next().stamp()).as("a").isEqualTo("41:0:0");
        assertThat(cluster.next().stamp()).as("b").isEqualTo("41:0:1");
        assertThat(cluster.next().stamp()).as("c").endsWith(":0").doesNotStartWith("41:0:");
        assertThat(cluster.log(0)).containsExactly("c");
    }

    @Test
    void recordsThatTheBrokerNamesFailAndTheOthersOfTheBatchAreWritten() throws Exception {
        cluster.answer(request -> cluster.accept(request), request -> refuseRecord(request, 1, "it has no key"));
        try (KafkaProducer<String, String> producer = lingering().build()) {
            batch(producer, "a");
            List<CompletableFuture<RecordMetadata>> futures = batch(producer, "b", "c", "d");
            batch(producer, "e");

            assertThat(failureOf(futures.get(1))).hasMessageContaining("orders-0").hasMessageContaining("it has no key")
                    .satisfies(failure -> assertThat(failure.persistence()).isEqualTo(Persistence.NOT_PERSISTED));
            assertThat(offset(futures.get(2))).isEqualTo(2);
            assertThat(producer.bufferedBytes()).isZero();
        }

        assertThat(cluster.next().stamp()).isEqualTo("41:0:0");
        assertThat(cluster.next().stamp()).isEqualTo("41:0:1");
        assertThat(cluster.next().stamp()).isEqualTo("41:1:0");
        assertThat(cluster.next().stamp()).isEqualTo("41:1:2");
        assertThat(cluster.log(0)).containsExactly("a", "b", "d", "e");
    }

    private static ProduceResponse refuseRecord(ScriptedCluster.Produced request, int index, String why) {
        ProduceResponse response = ScriptedCluster.refuse(request, ErrorCode.INVALID_RECORD);
        response.responses().get(0).partitionResponses().get(0)
                .recordErrors(List.of(new ProduceResponse.BatchIndexAndErrorMessage().batchIndex(index).batchIndexErrorMessage(why)));
        return response;
    }

    @Test
    void behindTheLastEpochComesAnotherProducer() throws Exception {
        cluster.identify(new InitProducerIdResponse().producerId(7).producerEpoch(Short.MAX_VALUE));
        cluster.answer(error(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER));
        try (KafkaProducer<String, String> producer = lingering().build()) {
            assertThat(offset(batch(producer, "a").get(0))).isZero();
        }

        assertThat(cluster.next().stamp()).isEqualTo("7:32767:0");
        assertThat(cluster.next().stamp()).isEqualTo("42:0:0");
        assertThat(cluster.identityRequests()).isEqualTo(2);
    }

    @Test
    void idIsAskedForAgainUntilThereIsOne() throws Exception {
        cluster.identify(refusal(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS), refusal(ErrorCode.REQUEST_TIMED_OUT));
        try (KafkaProducer<String, String> producer = builder().build()) {
            assertThat(offset(producer.send(TOPIC, "a"))).isZero();
        }

        assertThat(cluster.next().stamp()).isEqualTo("43:0:0");
    }

    @Test
    void refusedIdFailsWhatWaitsWithWhatToDoAndIsAskedForAgainByTheNextRecord() throws Exception {
        cluster.identify(refusal(ErrorCode.CLUSTER_AUTHORIZATION_FAILED));
        try (KafkaProducer<String, String> producer = builder().build()) {
            SendException failure = failureOf(producer.send(TOPIC, "a"));

            assertThat(failure.persistence()).isEqualTo(Persistence.NOT_PERSISTED);
            assertThat(failure).hasMessageContaining("orders-0").hasMessageContaining("CLUSTER_AUTHORIZATION_FAILED")
                    .hasMessageContaining("IDEMPOTENT_WRITE").hasMessageContaining("enable.idempotence=false");
            assertThat(producer.bufferedBytes()).isZero();
            assertThat(offset(producer.send(TOPIC, "b"))).isZero();
        }
        assertThat(cluster.log(0)).containsExactly("b");
    }

    @Test
    void recordWhoseTimeIsUpBeforeThereIsAnIdSaysWhy() throws Exception {
        InitProducerIdResponse[] refusals = new InitProducerIdResponse[200];
        Arrays.fill(refusals, refusal(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
        cluster.identify(refusals);
        try (KafkaProducer<String, String> producer = builder().config("retry.backoff.ms", 50).config("request.timeout.ms", 200)
                .config("linger.ms", 0).config("delivery.timeout.ms", 300).build()) {
            SendException failure = failureOf(producer.send(TOPIC, "a"));

            assertThat(failure).hasMessageContaining("within 300 ms").hasMessageContaining("COORDINATOR_LOAD_IN_PROGRESS");
            assertThat(failure.persistence()).isEqualTo(Persistence.NOT_PERSISTED);
        }
        assertThat(cluster.hasNext()).isFalse();
    }

    @Test
    void withoutAllReplicasThereIsNoIdUnlessItIsAskedFor() throws Exception {
        try (KafkaProducer<String, String> producer = builder().acks(Acks.LEADER).build()) {
            assertThat(offset(producer.send(TOPIC, "a"))).isZero();
        }
        assertThat(cluster.next().stamp()).isEqualTo("-1:-1:-1");
        assertThat(cluster.identityRequests()).isZero();

        for (Map<String, Object> conflict : List.<Map<String, Object>>of(Map.of("acks", "1"), Map.of("retries", 0))) {
            assertThatThrownBy(() -> builder().config("enable.idempotence", true).config(conflict).build())
                    .asInstanceOf(type(ConfigException.class))
                    .satisfies(e -> assertThat(e.faults()).singleElement().satisfies(fault -> {
                        assertThat(fault.key()).isEqualTo("enable.idempotence");
                        assertThat(fault.toString()).contains(conflict.toString().replaceAll("[{}]", ""));
                    }));
        }
    }

    @Test
    void withoutIdempotenceNoIdIsAskedFor() throws Exception {
        try (KafkaProducer<String, String> producer = builder().config("enable.idempotence", false).build()) {
            assertThat(offset(producer.send(TOPIC, "a"))).isZero();
        }

        assertThat(cluster.next().stamp()).isEqualTo("-1:-1:-1");
        assertThat(cluster.identityRequests()).isZero();
    }
}
