package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.LogRequests.logOf;
import static dev.kafkaboot.test.fake.TestFetch.only;
import static dev.kafkaboot.test.fake.TestFetch.valuesOf;
import static dev.kafkaboot.test.fake.TestTransactions.END_V1;
import static dev.kafkaboot.test.fake.TestTransactions.PRODUCE_V1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.FetchResponse.AbortedTransaction;
import dev.kafkaboot.protocol.message.FetchResponse.PartitionData;
import dev.kafkaboot.protocol.message.InitProducerIdRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions as they were before each had an epoch of its own. */
class TransactionsTest {

    private final FakeKafka cluster = FakeKafka.builder().build();
    private final TestClient client = new TestClient(cluster, 1);
    private final TestTransactions producer = new TestTransactions(cluster, client, "billing");
    private final StagedOffsets offsets = new StagedOffsets();

    TransactionsTest() {
        cluster.createTopic("orders");
        cluster.createTopic("bills");
        TestTransactions.createInternalTopics(cluster);
        cluster.transactions().offsets(offsets);
    }

    private PartitionData readCommitted(String topic) {
        return only(client.ask(new TestFetch(cluster).from(topic, 0).readCommitted().request()));
    }

    private ErrorCode begin(String topic, int sequence, String... values) {
        assertThat(producer.add(topic, 3)).isEqualTo(ErrorCode.NONE);
        return producer.send(topic, sequence, PRODUCE_V1, values);
    }

    @Test
    void idempotentProducersGetAnIdEach() {
        long first = client.ask(new InitProducerIdRequest().transactionalId(null)).producerId();
        long second = client.ask(new InitProducerIdRequest().transactionalId(null)).producerId();

        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void eachInitBumpsTheEpoch() {
        producer.init();
        long id = producer.producerId;
        assertThat(producer.epoch).isZero();

        producer.init();

        assertThat(producer.producerId).isEqualTo(id);
        assertThat(producer.epoch).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 900_001})
    void timeoutHasBounds(int timeoutMillis) {
        assertThat(producer.initWith(timeoutMillis)).isEqualTo(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
    }

    @Test
    void openTransactionIsHiddenUntilItIsCommitted() {
        producer.init();
        assertThat(begin("orders", 0, "a", "b")).isEqualTo(ErrorCode.NONE);
        assertThat(valuesOf(readCommitted("orders"))).isEmpty();
        assertThat(readCommitted("orders").lastStableOffset()).isZero();
        assertThat(readCommitted("orders").highWatermark()).isEqualTo(2);

        assertThat(producer.end(/* commit= */ true, END_V1)).isEqualTo(ErrorCode.NONE);

        PartitionData data = readCommitted("orders");
        assertThat(valuesOf(data)).containsExactly("a", "b");
        assertThat(data.abortedTransactions()).isEmpty();
        assertThat(data.lastStableOffset()).isEqualTo(3);
    }

    @Test
    void abortedTransactionIsNamedToReadCommittedConsumers() {
        producer.init();
        begin("orders", 0, "a");

        producer.end(/* commit= */ false, END_V1);

        PartitionData committed = readCommitted("orders");
        assertThat(committed.abortedTransactions())
                .isEqualTo(List.of(new AbortedTransaction().producerId(producer.producerId).firstOffset(0)));
        assertThat(committed.lastStableOffset()).isEqualTo(2);
        assertThat(only(client.ask(new TestFetch(cluster).from("orders", 0).request())).abortedTransactions()).isNull();
    }

    @Test
    void oneEpochServesManyTransactions() {
        producer.init();
        begin("orders", 0, "a");
        producer.end(/* commit= */ true, END_V1);

        assertThat(begin("orders", 1, "b")).isEqualTo(ErrorCode.NONE);
        assertThat(producer.end(/* commit= */ true, END_V1)).isEqualTo(ErrorCode.NONE);

        assertThat(valuesOf(readCommitted("orders"))).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void eachVersionAddsPartitions(int version) {
        producer.init();

        assertThat(producer.add("orders", version)).isEqualTo(ErrorCode.NONE);
        assertThat(producer.send("orders", 0, PRODUCE_V1, "a")).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void partitionThatWasNotAddedIsRefused() {
        producer.init();

        assertThat(producer.send("orders", 0, 11, "a")).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(producer.send("orders", 0, 10, "a")).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(logOf(cluster, "orders").endOffset()).isZero();
    }

    @Test
    void unknownPartitionKeepsTheOthersFromBeingAdded() {
        producer.init();

        assertThat(producer.add("nowhere", 3)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(producer.end(/* commit= */ true, END_V1)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
    }

    @Test
    void newerInstanceFencesTheOlderOne() {
        producer.init();
        begin("orders", 0, "a");
        TestTransactions newer = new TestTransactions(cluster, client, "billing");

        assertThat(newer.init()).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(newer.init()).isEqualTo(ErrorCode.NONE);

        assertThat(newer.epoch).isEqualTo(2);
        assertThat(readCommitted("orders").abortedTransactions()).hasSize(1);
        assertThat(producer.end(/* commit= */ true, END_V1)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(producer.end(/* commit= */ true, 1)).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(producer.add("orders", 3)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(producer.send("orders", 1, PRODUCE_V1, "b")).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(producer.initAgain()).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void producerThatSaysWhoItIsGetsTheNextEpoch() {
        producer.init();
        begin("orders", 0, "a");
        producer.end(/* commit= */ false, END_V1);

        assertThat(producer.initAgain()).isEqualTo(ErrorCode.NONE);
        assertThat(producer.epoch).isEqualTo(1);

        producer.epoch = 0; // the answer got lost
        assertThat(producer.initAgain()).isEqualTo(ErrorCode.NONE);
        assertThat(producer.epoch).isEqualTo(1);
    }

    @Test
    void unknownProducerIdHasNoMapping() {
        producer.init();
        producer.producerId += 1;

        assertThat(producer.add("orders", 3)).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(producer.end(/* commit= */ true, END_V1)).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(producer.initAgain()).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void endThatComesAgainIsTheSame() {
        producer.init();
        begin("orders", 0, "a");
        producer.end(/* commit= */ true, END_V1);

        assertThat(producer.end(/* commit= */ true, END_V1)).isEqualTo(ErrorCode.NONE);
        assertThat(producer.end(/* commit= */ false, END_V1)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(logOf(cluster, "orders").endOffset()).isEqualTo(2);
    }

    @Test
    void transactionThatTakesTooLongIsAbortedAndFenced() {
        producer.initWith(1000);
        begin("orders", 0, "a");

        client.pass(1000);

        assertThat(readCommitted("orders").abortedTransactions()).hasSize(1);
        assertThat(producer.send("orders", 1, PRODUCE_V1, "b")).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(producer.end(/* commit= */ true, END_V1)).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void transactionThatEndedHasNoTimeout() {
        producer.initWith(1000);
        begin("orders", 0, "a");
        producer.end(/* commit= */ true, END_V1);

        client.pass(1000);

        assertThat(producer.add("orders", 3)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void otherBrokersAreNotTheCoordinator() {
        cluster.addBroker(2, "broker-2", 9092, null);
        TestTransactions lost = new TestTransactions(cluster, new TestClient(cluster, 2), "billing");

        assertThat(lost.init()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(lost.add("orders", 3)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(lost.addGroup("readers")).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(lost.commitOffset("readers", "orders", 1, 3)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(lost.end(/* commit= */ true, END_V1)).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void offsetsCountWhenTheTransactionIsCommitted() {
        producer.init();
        assertThat(producer.commitOffset("readers", "orders", 7, 4)).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(producer.commitOffset("readers", "orders", 7, 3)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(producer.addGroup("readers")).isEqualTo(ErrorCode.NONE);
        assertThat(producer.commitOffset("readers", "orders", 7, 3)).isEqualTo(ErrorCode.NONE);
        assertThat(offsets.committed("readers", "orders", 0)).isEmpty();

        producer.end(/* commit= */ true, END_V1);

        assertThat(offsets.committed("readers", "orders", 0)).hasValue(7);
    }

    @Test
    void offsetsOfAnAbortedTransactionNeverCount() {
        producer.init();
        producer.addGroup("readers");
        producer.commitOffset("readers", "orders", 7, 3);

        producer.end(/* commit= */ false, END_V1);

        assertThat(offsets.committed("readers", "orders", 0)).isEmpty();
    }

    @Test
    void plainRecordsDoNotBelongIntoATransaction() {
        producer.init();
        begin("orders", 0, "a");

        ErrorCode error = ErrorCode.forCode(LogRequests.only(client.ask(LogRequests.produce(cluster, "orders", LogRequests.ALL,
                TestBatch.of("b").from(producer.producerId, producer.epoch, 1).bytes()))).errorCode());

        assertThat(error).isEqualTo(ErrorCode.INVALID_TXN_STATE);
    }

    @Test
    void deletedTopicDoesNotKeepATransactionFromEnding() {
        producer.init();
        begin("orders", 0, "a");
        cluster.deleteTopic("orders");

        assertThat(producer.end(/* commit= */ true, END_V1)).isEqualTo(ErrorCode.NONE);
        assertThat(producer.add("bills", 3)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void truncationOpensTheTransactionAgain() {
        producer.init();
        begin("orders", 0, "a");
        producer.end(/* commit= */ true, END_V1);

        logOf(cluster, "orders").truncateTo(1);

        assertThat(logOf(cluster, "orders").lastStableOffset()).isZero();
    }
}
