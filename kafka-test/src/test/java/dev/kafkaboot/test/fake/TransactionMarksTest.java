package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.LogRequests.logOf;
import static dev.kafkaboot.test.fake.TestTransactions.END_V1;
import static dev.kafkaboot.test.fake.TestTransactions.END_V2;
import static dev.kafkaboot.test.fake.TestTransactions.PRODUCE_V1;
import static dev.kafkaboot.test.fake.TestTransactions.PRODUCE_V2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What happens between the decision on a transaction and the moment at which all partitions know. */
class TransactionMarksTest {

    private final FakeKafka cluster = FakeKafka.builder().brokers(1).failoverMillis(100).build();
    private final TestClient client = new TestClient(cluster, 1);
    private final TestTransactions producer = new TestTransactions(cluster, client, "billing");

    TransactionMarksTest() {
        cluster.createTopic("orders");
        TestTransactions.createInternalTopics(cluster);
        cluster.addBroker(2, "broker-2", 9092, null);
        cluster.createTopic("elsewhere", 1, 2, Map.of());
        cluster.moveLeader("elsewhere", 0, 1);
        producer.init();
    }

    private void keepFollowersBack() {
        partition("elsewhere").replication().hold();
    }

    private FakePartition partition(String topic) {
        return Objects.requireNonNull(cluster.topics().find(topic, 0));
    }

    @Test
    void transactionEndsWhenAllFollowersHaveTheMark() {
        producer.add("elsewhere", 3);
        producer.send("elsewhere", 0, PRODUCE_V1, "a");
        keepFollowersBack();

        assertThat(producer.end(/* commit= */ true, END_V1)).isEqualTo(ErrorCode.NONE);
        assertThat(producer.add("orders", 3)).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(producer.end(/* commit= */ true, END_V1)).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(producer.init()).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(logOf(cluster, "elsewhere").lastStableOffset()).isZero();
        partition("elsewhere").replication().release();

        assertThat(producer.add("orders", 3)).isEqualTo(ErrorCode.NONE);
        assertThat(logOf(cluster, "elsewhere").lastStableOffset()).isEqualTo(2);
    }

    @Test
    void writingToTheNextTransactionWaitsForTheEndOfThis() {
        producer.send("elsewhere", 0, PRODUCE_V2, "a");
        keepFollowersBack();
        producer.end(/* commit= */ true, END_V2);

        assertThat(producer.send("orders", 0, PRODUCE_V2, "b")).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        partition("elsewhere").replication().release();

        assertThat(producer.send("orders", 0, PRODUCE_V2, "b")).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void markIsWrittenWhenThereIsALeaderAgain() {
        cluster.createTopic("lonely", 1, 1, Map.of());
        cluster.topics().lead(partition("lonely"), FakePartition.NO_LEADER, /* lossy= */ false);
        cluster.transactions().addPartition("billing", new Transaction.ProducerIdentity(producer.producerId, (short) 0), partition("lonely"));
        producer.end(/* commit= */ true, END_V1);
        assertThat(producer.add("orders", 3)).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);

        cluster.topics().lead(partition("lonely"), 1, /* lossy= */ false);

        assertThat(logOf(cluster, "lonely").endOffset()).isEqualTo(1);
        assertThat(producer.add("orders", 3)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void markThatDiedWithItsLeaderIsWrittenAgain() {
        producer.add("elsewhere", 3);
        producer.send("elsewhere", 0, PRODUCE_V1, "a");
        cluster.moveLeader("elsewhere", 0, 2);
        keepFollowersBack();
        producer.end(/* commit= */ true, END_V1);
        assertThat(logOf(cluster, "elsewhere").endOffset()).isEqualTo(2);

        cluster.broker(2).kill();
        client.pass(100);

        assertThat(cluster.leaderOf("elsewhere", 0)).isEqualTo(1);
        assertThat(logOf(cluster, "elsewhere").endOffset()).isEqualTo(2);
        assertThat(logOf(cluster, "elsewhere").lastStableOffset()).isEqualTo(2);
        assertThat(producer.add("orders", 3)).isEqualTo(ErrorCode.NONE);
    }
}
