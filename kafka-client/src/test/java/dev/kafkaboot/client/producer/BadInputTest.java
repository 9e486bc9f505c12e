package dev.kafkaboot.client.producer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.BufferExhaustedException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.RecordTooLargeException;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.SerializationException;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.test.FakeKafkaServer;
import dev.kafkaboot.test.fake.FakeKafka;
import java.time.Duration;
import java.util.ArrayList;
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

/** Each thing that can be wrong with what is sent, or with where it is sent to, is an error of its own that names it; and what others send goes on. */
@Timeout(60)
class BadInputTest {

    private static final String GOOD = "good";
    private static final String BAD = "bad";

    private final FakeKafkaServer kafka = FakeKafkaServer.start(FakeKafka.builder().autoCreateTopics(false));

    BadInputTest() {
        kafka.createTopic(GOOD, 1);
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    private ProducerBuilder<String, String> builder() {
        return KafkaProducer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(kafka.bootstrapServers()).linger(Duration.ZERO).config("retry.backoff.ms", 10).config("retry.backoff.max.ms", 50);
    }

    private static KafkaException failureOf(CompletableFuture<?> future) throws Exception {
        try {
            future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(KafkaException.class);
            return (KafkaException) e.getCause();
        }
        throw new AssertionError("It did not fail");
    }

    private static void assertThatOthersGoOn(KafkaProducer<String, String> producer) throws Exception {
        assertThat(producer.send(GOOD, "another").get(20, TimeUnit.SECONDS).offset()).isNotNegative();
    }

    private List<String> log(String topic) {
        return kafka.ask(cluster -> cluster.log(topic, 0).records().stream().map(record -> String.valueOf(record.valueText())).toList());
    }

    @Test
    void recordThatIsTooLargeFailsAtOnceAndNamesTopicKeyAndSizes() throws Exception {
        try (KafkaProducer<String, String> producer = builder().maxRequestSize(2_000).build()) {
            CompletableFuture<RecordMetadata> refused = producer.send(GOOD, "O-17", "x".repeat(3_000));

            assertThat(refused).isCompletedExceptionally();
            assertThat(failureOf(refused)).isInstanceOf(RecordTooLargeException.class)
                    .hasMessageContaining("topic 'good'").hasMessageContaining("'O-17'").hasMessageContaining("about 30")
                    .hasMessageContaining("max.request.size");
            assertThatOthersGoOn(producer);
        }
    }

    @Test
    void recordThatIsTooLargeForTheTopicNamesPartitionSizeAndLimit() throws Exception {
        kafka.createTopic(BAD, 1, 1, Map.of("max.message.bytes", "1000"));
        try (KafkaProducer<String, String> producer = builder().build()) {
            List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
            sent.add(producer.send(BAD, "before"));
            sent.add(producer.send(BAD, "x".repeat(3_000)));
            sent.add(producer.send(BAD, "behind"));

            assertThat(failureOf(sent.get(1))).isInstanceOf(SendException.class).hasCauseInstanceOf(RecordTooLargeException.class)
                    .hasMessageContaining("bad-0").hasMessageContaining("has 30").hasMessageContaining("max.message.bytes")
                    .extracting(failure -> ((SendException) failure).persistence()).isEqualTo(Persistence.NOT_PERSISTED);
            sent.get(0).get(20, TimeUnit.SECONDS);
            sent.get(2).get(20, TimeUnit.SECONDS);
            assertThat(log(BAD)).containsExactly("before", "behind");
            assertThatOthersGoOn(producer);
        }
    }

    @Test
    void valueThatCannotBeSerialisedFailsAtOnceAndNamesTopicAndType() throws Exception {
        Serializer<Object> picky = Serializers.of(value -> {
            if (value instanceof String text) {
                return text.getBytes(UTF_8);
            }
            throw new IllegalArgumentException("texts only");
        }, bytes -> bytes);
        try (KafkaProducer<String, Object> producer = KafkaProducer.builder(Serializers.string(), picky)
                .bootstrapServers(kafka.bootstrapServers()).build()) {
            CompletableFuture<RecordMetadata> refused = producer.send(GOOD, "key", 17);

            assertThat(refused).isCompletedExceptionally();
            assertThat(failureOf(refused)).isInstanceOf(SerializationException.class)
                    .hasMessageContaining("value").hasMessageContaining("topic 'good'").hasMessageContaining("java.lang.Integer")
                    .hasMessageContaining("texts only");
            assertThat(producer.send(GOOD, "key", "text").get(20, TimeUnit.SECONDS).offset()).isZero();
        }
    }

    @Test
    void serialiserThatRecursesWithoutEndFailsItsRecordAlone() throws Exception {
        Serializer<String> endless = Serializers.of(value -> {
            if (value.equals("cycle")) {
                throw new StackOverflowError("as a cycle of objects makes it");
            }
            return value.getBytes(UTF_8);
        }, bytes -> "");
        try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), endless)
                .bootstrapServers(kafka.bootstrapServers()).build()) {
            CompletableFuture<RecordMetadata> refused = producer.send(GOOD, "key", "cycle");

            assertThat(failureOf(refused)).isInstanceOf(SerializationException.class).hasCauseInstanceOf(StackOverflowError.class);
            assertThatOthersGoOn(producer);
        }
    }

    @Test
    void unknownTopicFailsWithinMaxBlockAndIsNamed() throws Exception {
        try (KafkaProducer<String, String> producer = builder().maxBlock(Duration.ofMillis(300)).build()) {
            CompletableFuture<RecordMetadata> lost = producer.send("nowhere", "value");
            assertThatOthersGoOn(producer);

            assertThat(failureOf(lost)).asInstanceOf(type(SendException.class))
                    .satisfies(failure -> assertThat(failure.persistence()).isEqualTo(Persistence.NOT_PERSISTED))
                    .satisfies(failure -> assertThat(failure).hasMessageContaining("topic 'nowhere'"));
            assertThat(producer.bufferedBytes()).isZero();
        }
    }

    @Test
    void topicThatIsDeletedUnderTheProducerFailsWithinTheDeliveryTimeoutAndSaysSo() throws Exception {
        kafka.createTopic(BAD, 1);
        try (KafkaProducer<String, String> producer = builder().deliveryTimeout(Duration.ofMillis(600)).config("request.timeout.ms", 500).build()) {
            producer.send(BAD, "in time").get(20, TimeUnit.SECONDS);
            kafka.tell(cluster -> cluster.deleteTopic(BAD));

            CompletableFuture<RecordMetadata> lost = producer.send(BAD, "too late");
            assertThatOthersGoOn(producer);
            assertThat(failureOf(lost)).isInstanceOf(SendException.class)
                    .hasMessageContaining("bad-0").hasMessageContaining("within 600 ms").hasMessageContaining("UNKNOWN_TOPIC");
        }
    }

    @ParameterizedTest
    @EnumSource(value = ErrorCode.class, names = {"TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED"})
    void topicThatMayNotBeWrittenFailsAtOnceAndIsNamedWithTheBrokersError(ErrorCode error) throws Exception {
        kafka.createTopic(BAD, 1);
        try (KafkaProducer<String, String> producer = builder().build()) {
            assertThatOthersGoOn(producer);
            kafka.tell(cluster -> cluster.on(ProduceRequest.class).times(1).fail(error));
            CompletableFuture<RecordMetadata> refused = producer.send(BAD, "secret");

            assertThat(failureOf(refused)).asInstanceOf(type(SendException.class))
                    .satisfies(failure -> assertThat(failure).hasMessageContaining("bad-0").hasMessageContaining(error.name())
                            .hasCauseInstanceOf(BrokerException.class))
                    .satisfies(failure -> assertThat(failure.persistence()).isEqualTo(Persistence.NOT_PERSISTED));
            assertThatOthersGoOn(producer);
        }
    }

    @Test
    void topicThatMayNotBeSeenFailsAtOnceAndIsNamed() throws Exception {
        kafka.tell(cluster -> cluster.on(MetadataRequest.class)
                .when(request -> request.topics() != null && request.topics().stream().anyMatch(topic -> BAD.equals(topic.name())))
                .always()
                .change(BadInputTest::hideBad));
        try (KafkaProducer<String, String> producer = builder().maxBlock(Duration.ofSeconds(50)).build()) {
            CompletableFuture<RecordMetadata> refused = producer.send(BAD, "secret");

            assertThat(failureOf(refused)).isInstanceOf(SendException.class)
                    .hasMessageContaining("topic 'bad'").hasMessageContaining("TOPIC_AUTHORIZATION_FAILED");
            assertThatOthersGoOn(producer);
        }
    }

    private static MetadataResponse hideBad(MetadataResponse response) {
        response.topics().stream().filter(topic -> BAD.equals(topic.name()))
                .forEach(topic -> topic.errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code()).partitions(List.of()));
        return response;
    }

    @Test
    void brokerThatNeverAnswersFailsTheRecordInTimeAsPossiblyWrittenAndSaysWhatWasWaitedFor() throws Exception {
        kafka.createTopic(BAD, 2);
        try (KafkaProducer<String, String> producer = builder().deliveryTimeout(Duration.ofMillis(500)).config("request.timeout.ms", 400).build()) {
            assertThatOthersGoOn(producer);
            kafka.tell(cluster -> cluster.on(ProduceRequest.class)
                    .when(request -> request.topicData().get(0).partitionData().get(0).index() == 1).always().ignore());

            CompletableFuture<RecordMetadata> unheard = producer.send(new ProducerRecord<>(BAD, 1, null, null, "unheard", new Headers()));
            assertThat(failureOf(unheard)).asInstanceOf(type(SendException.class))
                    .satisfies(failure -> assertThat(failure).hasMessageContaining("bad-1").hasMessageContaining("within 500 ms")
                            .hasMessageContaining("leader 1"))
                    .satisfies(failure -> assertThat(failure.persistence()).isEqualTo(Persistence.POSSIBLY_PERSISTED));
            assertThatOthersGoOn(producer);
        }
    }

    @Test
    void fullBufferRefusesWithinMaxBlockAndNamesTopicAndSizesAndTakesRecordsAgainWhenThereIsRoom() throws Exception {
        kafka.tell(cluster -> cluster.on(ProduceRequest.class).times(1).delay(Duration.ofSeconds(2)));
        try (KafkaProducer<String, String> producer = builder().bufferMemory(70_000).maxRequestSize(65_000).maxBlock(Duration.ofMillis(200)).build()) {
            List<CompletableFuture<RecordMetadata>> accepted = new ArrayList<>();
            CompletableFuture<RecordMetadata> tried = producer.trySend(GOOD, "x".repeat(5_000));
            while (!tried.isCompletedExceptionally()) {
                accepted.add(tried);
                tried = producer.trySend(GOOD, "x".repeat(5_000));
            }

            for (CompletableFuture<RecordMetadata> refused : List.of(tried, producer.send(GOOD, "x".repeat(5_000)))) {
                assertThat(failureOf(refused)).isInstanceOf(BufferExhaustedException.class)
                        .hasMessageContaining("topic 'good'").hasMessageContaining("of 50").hasMessageContaining("of 70000 bytes (buffer.memory)");
            }
            producer.flush();
            assertThat(accepted).isNotEmpty().allSatisfy(future -> assertThat(future).isCompleted());
            assertThatOthersGoOn(producer);
        }
    }

    @Test
    void closedProducerRefusesAtOnceWhateverIsCalled() throws Exception {
        KafkaProducer<String, String> producer = builder().build();
        assertThatOthersGoOn(producer);
        producer.close();

        assertThat(failureOf(producer.send(GOOD, "late"))).isInstanceOf(ClientClosedException.class).hasMessageContaining("producer is closed");
        assertThat(failureOf(producer.trySend(GOOD, "late"))).isInstanceOf(ClientClosedException.class);
        assertThatThrownBy(() -> producer.partitionsFor(GOOD)).isInstanceOf(ClientClosedException.class);
        assertThat(producer.flushAsync()).as("nothing is left to flush").isDone();
        producer.close();
        producer.close(Duration.ZERO);
        assertThat(log(GOOD)).containsExactly("another");
    }

    @Test
    void partitionThatTheTopicDoesNotHaveFailsAtOnceAndIsNamedWithThoseThatThereAre() throws Exception {
        try (KafkaProducer<String, String> producer = builder().build()) {
            assertThatOthersGoOn(producer);

            assertThat(failureOf(producer.send(new ProducerRecord<>(GOOD, 7, null, null, "lost", new Headers()))))
                    .hasMessageContaining("partition 7 of topic 'good', which has 1 (0 to 0)");
            assertThatOthersGoOn(producer);
        }
    }

    @Test
    void producerCanBeClosedAndFlushedBeforeItWasUsedAndFromACallback() throws Exception {
        KafkaProducer<String, String> unused = builder().build();
        unused.flush();
        unused.close();

        KafkaProducer<String, String> producer = builder().build();
        CompletableFuture<Void> closedInCallback = producer.send(GOOD, "last").thenAccept(metadata -> {
            producer.flush();
            producer.close();
        });
        closedInCallback.get(20, TimeUnit.SECONDS);
        assertThat(failureOf(producer.send(GOOD, "late"))).isInstanceOf(ClientClosedException.class);
    }
}
