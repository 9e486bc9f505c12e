package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.LogRequests.ALL;
import static dev.kafkaboot.test.fake.LogRequests.error;
import static dev.kafkaboot.test.fake.LogRequests.only;
import static dev.kafkaboot.test.fake.LogRequests.produce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.test.fake.TestClient.Reply;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FakeLogTest {

    private final FakeKafka cluster = FakeKafka.builder().brokers(2).build();
    private final FakeLog log;
    private final TestClient client;

    FakeLogTest() {
        cluster.createTopic("orders");
        log = cluster.log("orders", 0);
        client = new TestClient(cluster, 1);
    }

    @Test
    void appendedRecordsAreReadByClients() {
        assertThat(log.append("k", "a")).isZero();
        assertThat(log.append(null, "b")).isEqualTo(1);

        assertThat(TestFetch.valuesOf(TestFetch.only(client.ask(new TestFetch(cluster).from("orders", 0).request())))).containsExactly("a", "b");
    }

    @Test
    void producedRecordsAreSeenWithAllThatIsKnownOfThem() {
        client.ask(produce(cluster, "orders", ALL, TestBatch.of("a", "b").from(42, 3, 0).bytes()));

        FakeRecord second = log.records().get(1);

        assertThat(second.offset()).isEqualTo(1);
        assertThat(second.keyText()).isEqualTo("key");
        assertThat(second.valueText()).isEqualTo("b");
        assertThat(second.timestamp()).isEqualTo(TestBatch.START + 1);
        assertThat(second.producerId()).isEqualTo(42);
        assertThat(second.producerEpoch()).isEqualTo((short) 3);
        assertThat(second.leaderEpoch()).isZero();
        assertThat(second.isTransactional()).isFalse();
        assertThat(second.headers().size()).isZero();
    }

    @Test
    void committedRecordsAreWithoutThoseOfAbortedTransactions() {
        FakeKafka single = FakeKafka.builder().build();
        single.createTopic("orders");
        TestTransactions.createInternalTopics(single);
        TestTransactions producer = new TestTransactions(single, new TestClient(single, 1), "billing");
        producer.init();
        producer.send("orders", 0, TestTransactions.PRODUCE_V2, "aborted");
        producer.end(/* commit= */ false, TestTransactions.END_V2);
        producer.send("orders", 0, TestTransactions.PRODUCE_V2, "committed");
        producer.end(/* commit= */ true, TestTransactions.END_V2);
        single.log("orders", 0).append(null, "plain");
        producer.send("orders", 0, TestTransactions.PRODUCE_V2, "open");

        assertThat(single.log("orders", 0).records()).extracting(FakeRecord::valueText).containsExactly("aborted", "committed", "plain", "open");
        assertThat(single.log("orders", 0).committedRecords()).extracting(FakeRecord::valueText).containsExactly("committed", "plain");
    }

    @Test
    void uncleanElectionLosesTheEnd() {
        log.append(null, "a");
        log.append(null, "b");

        log.electUncleanly(2, 1);

        assertThat(cluster.leaderOf("orders", 0)).isEqualTo(2);
        assertThat(log.leaderEpoch()).isEqualTo(1);
        assertThat(log.endOffset()).isEqualTo(1);
        assertThat(log.records()).extracting(FakeRecord::valueText).containsExactly("a");
        log.append(null, "c");
        assertThat(log.records().get(1).leaderEpoch()).isEqualTo(1);
    }

    @Test
    void uncleanElectionCutsABatchOffWhole() {
        client.ask(produce(cluster, "orders", ALL, TestBatch.of("a", "b", "c").bytes()));

        log.electUncleanly(1, 2);

        assertThat(log.records()).isEmpty();
        assertThat(log.append(null, "d")).isEqualTo(2);
    }

    @Test
    void deletedRecordsAreNoLongerSeen() {
        client.ask(produce(cluster, "orders", ALL, TestBatch.of("a", "b").bytes()));

        log.deleteBefore(1);

        assertThat(log.startOffset()).isEqualTo(1);
        assertThat(log.records()).extracting(FakeRecord::valueText).containsExactly("b");
        assertThatThrownBy(() -> log.deleteBefore(3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void expiredProducerMayBeginAnywhere() {
        client.ask(produce(cluster, "orders", ALL, TestBatch.of("a").from(42, 0, 0).bytes()));

        log.expireProducer(42);

        ProduceResponse answer = client.ask(produce(cluster, "orders", ALL, TestBatch.of("b").from(42, 0, 7).bytes()));
        assertThat(error(only(answer).errorCode())).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void producerWithAnOpenTransactionDoesNotExpire() {
        FakeKafka single = FakeKafka.builder().build();
        single.createTopic("orders");
        TestTransactions.createInternalTopics(single);
        TestTransactions producer = new TestTransactions(single, new TestClient(single, 1), "billing");
        producer.init();
        producer.send("orders", 0, TestTransactions.PRODUCE_V2, "a");

        assertThatThrownBy(() -> single.log("orders", 0).expireProducer(producer.producerId)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void heldReplicationKeepsRecordsFromBeingSeen() {
        log.holdReplication();
        Reply<ProduceResponse> reply = client.send(produce(cluster, "orders", ALL, TestBatch.of("a").bytes()), 13);

        assertThat(reply.isHere()).isFalse();
        assertThat(log.endOffset()).isEqualTo(1);
        assertThat(log.highWatermark()).isZero();
        assertThat(log.records()).isEmpty();
        log.releaseReplication();

        assertThat(error(only(reply.get()).errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(log.records()).hasSize(1);
    }

    @Test
    void recordThatTheTopicDoesNotTakeIsRefused() {
        cluster.createTopic("compacted", 1, 1, Map.of("cleanup.policy", "compact"));

        assertThatThrownBy(() -> cluster.log("compacted", 0).append(null, "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("compacted-0")
                .hasMessageContaining("without key");
        assertThatThrownBy(() -> cluster.log("nowhere", 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
