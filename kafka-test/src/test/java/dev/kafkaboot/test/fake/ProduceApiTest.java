package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.LogRequests.ALL;
import static dev.kafkaboot.test.fake.LogRequests.error;
import static dev.kafkaboot.test.fake.LogRequests.idOf;
import static dev.kafkaboot.test.fake.LogRequests.logOf;
import static dev.kafkaboot.test.fake.LogRequests.only;
import static dev.kafkaboot.test.fake.LogRequests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.protocol.message.ProduceResponse.PartitionProduceResponse;
import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.test.fake.TestClient.Reply;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProduceApiTest {

    private final FakeKafka cluster = FakeKafka.builder().build();
    private TestClient client = new TestClient(cluster, 1);

    @BeforeEach
    void createTopic() {
        cluster.createTopic("orders");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
    void eachVersionAppendsAndTellsWhere(int version) {
        client.ask(produce(cluster, "orders", ALL, TestBatch.of("a", "b").bytes()), version);

        PartitionProduceResponse second = only(client.ask(produce(cluster, "orders", 1, TestBatch.of("c").bytes()), version));

        assertThat(error(second.errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(second.baseOffset()).isEqualTo(2);
        assertThat(second.logAppendTimeMs()).isEqualTo(-1);
        assertThat(second.logStartOffset()).isEqualTo(version >= 5 ? 0 : -1);
        assertThat(logOf(cluster, "orders").endOffset()).isEqualTo(3);
    }

    @Test
    void acksZeroIsNotAnswered() {
        client.tell(produce(cluster, "orders", 0, TestBatch.of("a").bytes()), 12);

        PartitionProduceResponse next = only(client.ask(produce(cluster, "orders", 1, TestBatch.of("b").bytes())));
        assertThat(next.baseOffset()).isEqualTo(1);
    }

    @Test
    void failureOfAcksZeroEndsTheConnection() {
        client.tell(produce("nowhere", Uuid.ZERO, 0, TestBatch.of("a").bytes()), 12);

        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void unknownTopicIsNamedByTheErrorOfItsVersion() {
        ProduceRequest request = produce("nowhere", new Uuid(4, 2), 1, TestBatch.of("a").bytes());

        assertThat(error(only(client.ask(request, 12)).errorCode())).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(only(client.ask(request, 13)).errorCode())).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Test
    void topicThatWasMadeAgainHasAnotherId() {
        ProduceRequest old = produce("orders", idOf(cluster, "orders"), 1, TestBatch.of("a").bytes());
        cluster.deleteTopic("orders");
        cluster.createTopic("orders");

        assertThat(error(only(client.ask(old)).errorCode())).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Test
    void otherAcksAreInvalid() {
        PartitionProduceResponse answer = only(client.ask(produce(cluster, "orders", 2, TestBatch.of("a").bytes())));

        assertThat(error(answer.errorCode())).isEqualTo(ErrorCode.INVALID_REQUIRED_ACKS);
        assertThat(logOf(cluster, "orders").endOffset()).isZero();
    }

    @Test
    void changedByteIsNoticedByTheChecksum() {
        byte[] bytes = TestBatch.of("a").bytes().toByteArray();
        bytes[bytes.length - 2] ^= 1;

        PartitionProduceResponse answer = only(client.ask(produce(cluster, "orders", ALL, Bytes.wrap(bytes))));

        assertThat(error(answer.errorCode())).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
    }

    @Test
    void twoBatchesForOnePartitionAreInvalid() {
        Bytes two = Bytes.of(TestBatch.of("a").bytes().toSingleBuffer(), TestBatch.of("b").bytes().toSingleBuffer());

        PartitionProduceResponse answer = only(client.ask(produce(cluster, "orders", ALL, two)));

        assertThat(error(answer.errorCode())).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void batchBeyondMaxMessageBytesIsTooLarge() {
        cluster.createTopic("small", 1, 1, Map.of("max.message.bytes", "100"));

        PartitionProduceResponse answer = only(client.ask(produce(cluster, "small", ALL, TestBatch.of("x".repeat(100)).bytes())));

        assertThat(error(answer.errorCode())).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @Test
    void compactedTopicNamesTheRecordsWithoutKey() {
        cluster.createTopic("compacted", 1, 1, Map.of("cleanup.policy", "compact"));

        PartitionProduceResponse answer = only(client.ask(produce(cluster, "compacted", ALL, TestBatch.of("a", "b").key(null).bytes())));

        assertThat(error(answer.errorCode())).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(answer.recordErrors()).extracting(error -> error.batchIndex()).containsExactly(0, 1);
        assertThat(answer.errorMessage()).contains("2 record errors");
    }

    @Test
    void recordFromTheFutureIsRefused() {
        long tomorrow = TestBatch.START + 24 * 3_600_000;

        PartitionProduceResponse answer = only(client.ask(produce(cluster, "orders", ALL, TestBatch.of("a").at(tomorrow).bytes())));

        assertThat(error(answer.errorCode())).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(answer.recordErrors()).hasSize(1);
    }

    @Test
    void zstdCameWithVersionSeven() {
        Bytes zstd = TestBatch.of("a".repeat(200)).compressed(CompressionType.ZSTD).bytes();

        assertThat(error(only(client.ask(produce(cluster, "orders", ALL, zstd), 6)).errorCode()))
                .isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(error(only(client.ask(produce(cluster, "orders", ALL, zstd), 7)).errorCode())).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void appendTimeReplacesTheProducersTime() {
        cluster.createTopic("stamped", 1, 1, Map.of("message.timestamp.type", "LogAppendTime"));
        client.pass(5000);

        PartitionProduceResponse answer = only(client.ask(produce(cluster, "stamped", ALL, TestBatch.of("a").bytes())));

        assertThat(answer.logAppendTimeMs()).isEqualTo(TestBatch.START + 5000);
        LogBatch stored = logOf(cluster, "stamped").between(0, 1).iterator().next();
        assertThat(stored.header().maxTimestamp()).isEqualTo(TestBatch.START + 5000);
        stored.header().ensureValid();
    }

    @Test
    void storedBatchHasItsPlaceAndAValidChecksum() {
        client.ask(produce(cluster, "orders", ALL, TestBatch.of("a", "b").bytes()));
        client.ask(produce(cluster, "orders", ALL, TestBatch.of("c").bytes()));

        LogBatch second = logOf(cluster, "orders").between(2, 3).iterator().next();

        assertThat(second.baseOffset()).isEqualTo(2);
        assertThat(second.header().leaderEpoch()).isZero();
        second.header().ensureValid();
    }

    @Test
    void transactionalRecordsNeedATransactionalId() {
        Bytes records = TestBatch.of("a").from(7, 0, 0).transactional().bytes();

        PartitionProduceResponse answer = only(client.ask(produce(cluster, "orders", ALL, records)));

        assertThat(error(answer.errorCode())).isEqualTo(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    }

    @Test
    void internalTopicsAreNotForClients() {
        cluster.topics().create("__consumer_offsets", 1, 1, Map.of(), /* internal= */ true);

        PartitionProduceResponse answer = only(client.ask(produce(cluster, "__consumer_offsets", ALL, TestBatch.of("a").bytes())));

        assertThat(error(answer.errorCode())).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void twoRequestsOfOneConnectionAreAnsweredInOrder() {
        Reply<ProduceResponse> first = client.send(produce(cluster, "orders", ALL, TestBatch.of("a").bytes()), 13);
        Reply<ProduceResponse> second = client.send(produce(cluster, "orders", ALL, TestBatch.of("b").bytes()), 13);

        assertThat(only(first.get()).baseOffset()).isZero();
        assertThat(only(second.get()).baseOffset()).isEqualTo(1);
    }
}
