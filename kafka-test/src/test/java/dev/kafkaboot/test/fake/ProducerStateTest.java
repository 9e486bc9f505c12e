package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.LogRequests.ALL;
import static dev.kafkaboot.test.fake.LogRequests.error;
import static dev.kafkaboot.test.fake.LogRequests.logOf;
import static dev.kafkaboot.test.fake.LogRequests.only;
import static dev.kafkaboot.test.fake.LogRequests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ProduceResponse.PartitionProduceResponse;
import org.junit.jupiter.api.Test;

class ProducerStateTest {

    private static final long PRODUCER = 1000;

    private final FakeKafka cluster = FakeKafka.builder().build();
    private final TestClient client = new TestClient(cluster, 1);

    ProducerStateTest() {
        cluster.createTopic("orders");
    }

    private PartitionProduceResponse send(int epoch, int sequence, String... values) {
        return only(client.ask(produce(cluster, "orders", ALL, TestBatch.of(values).from(PRODUCER, epoch, sequence).bytes())));
    }

    private ErrorCode errorOf(int epoch, int sequence, String... values) {
        return error(send(epoch, sequence, values).errorCode());
    }

    @Test
    void batchThatComesAgainIsAnsweredWithItsFirstPlace() {
        send(0, 0, "a", "b");
        send(0, 2, "c");

        PartitionProduceResponse again = send(0, 0, "a", "b");

        assertThat(error(again.errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(again.baseOffset()).isZero();
        assertThat(logOf(cluster, "orders").endOffset()).isEqualTo(3);
    }

    @Test
    void onlyTheLastFiveBatchesAreKnownAgain() {
        for (int sequence = 0; sequence < 6; sequence++) {
            send(0, sequence, "a");
        }

        assertThat(errorOf(0, 1, "a")).isEqualTo(ErrorCode.NONE);
        assertThat(errorOf(0, 0, "a")).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void gapIsOutOfOrder() {
        send(0, 0, "a");

        assertThat(errorOf(0, 2, "c")).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(errorOf(0, 1, "b")).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void sequenceBeginsAgainBehindTheLargest() {
        send(0, Integer.MAX_VALUE - 1, "a", "b");

        assertThat(errorOf(0, 0, "c")).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void batchMayLieAcrossTheLargestSequence() {
        send(0, Integer.MAX_VALUE, "a", "b", "c");

        assertThat(errorOf(0, 2, "d")).isEqualTo(ErrorCode.NONE);
        assertThat(send(0, Integer.MAX_VALUE, "a", "b", "c").baseOffset()).isZero();
    }

    @Test
    void olderEpochIsFenced() {
        send(1, 0, "a");

        assertThat(errorOf(0, 1, "b")).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void newEpochBeginsAtZero() {
        send(0, 0, "a");

        assertThat(errorOf(1, 1, "b")).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(errorOf(1, 0, "b")).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void unknownProducerMayBeginAnywhere() {
        assertThat(errorOf(3, 17, "a")).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void producerIsForgottenAfterADay() {
        send(5, 0, "a");
        client.pass(24 * 3_600_000);

        assertThat(logOf(cluster, "orders").producers()).isEmpty();
        assertThat(errorOf(0, 9, "b")).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void truncationTakesTheProducersMemoryBack() {
        send(0, 0, "a");
        send(0, 1, "b");

        logOf(cluster, "orders").truncateTo(1);

        assertThat(send(0, 1, "b").baseOffset()).isEqualTo(1);
        assertThat(logOf(cluster, "orders").endOffset()).isEqualTo(2);
    }

    @Test
    void deletingRecordsDoesNotForgetTheirProducer() {
        send(0, 0, "a");

        logOf(cluster, "orders").deleteBefore(1);

        assertThat(errorOf(0, 5, "b")).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(send(0, 0, "a").baseOffset()).isZero();
    }
}
