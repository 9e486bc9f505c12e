package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.LogRequests.logOf;
import static dev.kafkaboot.test.fake.TestFetch.only;
import static dev.kafkaboot.test.fake.TestFetch.valuesOf;
import static dev.kafkaboot.test.fake.TestTransactions.END_V2;
import static dev.kafkaboot.test.fake.TestTransactions.PRODUCE_V2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ApiVersionsRequest;
import dev.kafkaboot.protocol.message.ApiVersionsResponse;
import dev.kafkaboot.protocol.message.ApiVersionsResponse.FinalizedFeatureKey;
import dev.kafkaboot.protocol.message.EndTxnResponse;
import dev.kafkaboot.protocol.message.FetchResponse.PartitionData;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Transactions that have an epoch of their own each (KIP-890, part 2). */
class TransactionsWithEpochsTest {

    private final FakeKafka cluster = FakeKafka.builder().build();
    private final TestClient client = new TestClient(cluster, 1);
    private final TestTransactions producer = new TestTransactions(cluster, client, "billing");
    private final StagedOffsets offsets = new StagedOffsets();

    TransactionsWithEpochsTest() {
        cluster.createTopic("orders");
        TestTransactions.createInternalTopics(cluster);
        cluster.transactions().offsets(offsets);
    }

    private PartitionData readCommitted() {
        return only(client.ask(new TestFetch(cluster).from("orders", 0).readCommitted().request()));
    }

    private ApiVersionsResponse versions(FakeKafka asked, int version) {
        return new TestClient(asked, 1).ask(new ApiVersionsRequest().clientSoftwareName("test").clientSoftwareVersion("1"), version);
    }

    @Test
    void featureIsFinalized() {
        FinalizedFeatureKey feature =
                new FinalizedFeatureKey().name("transaction.version").minVersionLevel((short) 2).maxVersionLevel((short) 2);

        assertThat(versions(cluster, 4).finalizedFeatures()).contains(feature);
        assertThat(versions(cluster, 3).finalizedFeatures()).contains(feature);
        assertThat(versions(FakeKafka.builder().release("3.9").build(), 3).finalizedFeatures()).doesNotContain(feature);
    }

    @Test
    void partitionIsAddedByWritingToIt() {
        producer.init();

        assertThat(producer.send("orders", 0, PRODUCE_V2, "a")).isEqualTo(ErrorCode.NONE);
        assertThat(valuesOf(readCommitted())).isEmpty();
        assertThat(producer.end(/* commit= */ true, END_V2)).isEqualTo(ErrorCode.NONE);

        assertThat(valuesOf(readCommitted())).containsExactly("a");
    }

    @Test
    void eachEndGivesTheNextEpoch() {
        producer.init();
        producer.send("orders", 0, PRODUCE_V2, "a");

        producer.end(/* commit= */ true, END_V2);

        assertThat(producer.epoch).isEqualTo(1);
        assertThat(producer.send("orders", 0, PRODUCE_V2, "b")).isEqualTo(ErrorCode.NONE);
        assertThat(producer.end(/* commit= */ false, END_V2)).isEqualTo(ErrorCode.NONE);
        assertThat(producer.epoch).isEqualTo(2);
        assertThat(Objects.requireNonNull(readCommitted().abortedTransactions()).get(0).firstOffset()).isEqualTo(2);
    }

    @Test
    void lateBatchOfAnEndedTransactionIsFenced() {
        producer.init();
        producer.send("orders", 0, PRODUCE_V2, "a");
        producer.end(/* commit= */ false, END_V2);

        producer.epoch = 0;

        assertThat(producer.send("orders", 1, PRODUCE_V2, "late")).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(logOf(cluster, "orders").endOffset()).isEqualTo(2);
    }

    @Test
    void firstWriteToAPartitionBeginsAtZero() {
        producer.init();

        assertThat(producer.send("orders", 3, PRODUCE_V2, "a")).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void endThatComesAgainIsToldByItsEpoch() {
        producer.init();
        producer.send("orders", 0, PRODUCE_V2, "a");
        EndTxnResponse first = producer.askForEnd(/* commit= */ true, END_V2);

        EndTxnResponse again = producer.askForEnd(/* commit= */ true, END_V2);
        EndTxnResponse opposite = producer.askForEnd(/* commit= */ false, END_V2);

        assertThat(again).isEqualTo(first);
        assertThat(first.producerEpoch()).isEqualTo((short) 1);
        assertThat(ErrorCode.forCode(opposite.errorCode())).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(logOf(cluster, "orders").endOffset()).isEqualTo(2);
    }

    @Test
    void abortOfNothingGivesTheNextEpoch() {
        producer.init();

        assertThat(producer.end(/* commit= */ false, END_V2)).isEqualTo(ErrorCode.NONE);

        assertThat(producer.epoch).isEqualTo(1);
        assertThat(producer.end(/* commit= */ true, END_V2)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(producer.end(/* commit= */ false, END_V2)).isEqualTo(ErrorCode.NONE);
        assertThat(producer.epoch).isEqualTo(2);
    }

    @Test
    void otherEpochsAreFenced() {
        producer.init();
        producer.send("orders", 0, PRODUCE_V2, "a");
        producer.epoch = 5;

        assertThat(producer.end(/* commit= */ true, END_V2)).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void lastEpochIsFollowedByAnotherProducerId() {
        producer.init();
        Transaction transaction = Objects.requireNonNull(cluster.transactions().find("billing"));
        transaction.epoch = Transaction.LAST_EPOCH;
        producer.epoch = Transaction.LAST_EPOCH;
        long oldId = producer.producerId;
        producer.send("orders", 0, PRODUCE_V2, "a");

        EndTxnResponse first = producer.askForEnd(/* commit= */ true, END_V2);
        EndTxnResponse again = producer.askForEnd(/* commit= */ true, END_V2);

        assertThat(first.producerId()).isNotEqualTo(oldId);
        assertThat(first.producerEpoch()).isZero();
        assertThat(again).isEqualTo(first);
        assertThat(valuesOf(readCommitted())).containsExactly("a");
    }

    @Test
    void offsetsAreAddedByCommittingThem() {
        producer.init();

        assertThat(producer.commitOffset("readers", "orders", 7, 5)).isEqualTo(ErrorCode.NONE);
        assertThat(producer.end(/* commit= */ true, END_V2)).isEqualTo(ErrorCode.NONE);

        assertThat(offsets.committed("readers", "orders", 0)).hasValue(7);
    }

    @Test
    void timeoutFencesTheEpochOnce() {
        producer.initWith(1000);
        producer.send("orders", 0, PRODUCE_V2, "a");
        client.pass(1000);

        assertThat(producer.end(/* commit= */ true, END_V2)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(producer.send("orders", 1, PRODUCE_V2, "b")).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(Objects.requireNonNull(cluster.transactions().find("billing")).epoch).isEqualTo((short) 1);
    }
}
