package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Offsets that a producer commits for a group, from the request to what the group's members read. */
class GroupTransactionsTest {

    private static final String GROUP = "billing";

    private final FakeKafka cluster = FakeKafka.builder().build();
    private final TestClient reader = new TestClient(cluster, 1, "reader");
    private final TestTransactions producer = new TestTransactions(cluster, new TestClient(cluster, 1), "tx");

    @BeforeEach
    void begin() {
        cluster.createTopic("orders");
        TestTransactions.createInternalTopics(cluster);
        producer.init();
        producer.addGroup(GROUP);
    }

    private OffsetFetchResponsePartition fetchStable() {
        return reader.ask(OffsetRequests.fetch(GROUP, "orders", 0).requireStable(true), 7).topics().get(0).partitions().get(0);
    }

    @Test
    void anOffsetCountsWhenTheTransactionIsCommitted() {
        ErrorCode staged = producer.commitOffset(GROUP, "orders", 42, 3);

        short during = fetchStable().errorCode();
        producer.end(/* commit= */ true, TestTransactions.END_V1);

        assertThat(staged).isEqualTo(ErrorCode.NONE);
        assertThat(during).isEqualTo(ErrorCode.UNSTABLE_OFFSET_COMMIT.code());
        assertThat(fetchStable().committedOffset()).isEqualTo(42);
        assertThat(cluster.group(GROUP).committed("orders", 0)).hasValue(42);
    }

    @Test
    void anOffsetOfAnAbortedTransactionNeverCounts() {
        producer.commitOffset(GROUP, "orders", 42, 3);

        producer.end(/* commit= */ false, TestTransactions.END_V1);

        assertThat(fetchStable().errorCode()).isZero();
        assertThat(fetchStable().committedOffset()).isEqualTo(-1);
    }

    @Test
    void aPartitionThatIsNotThereIsRefused() {
        assertThat(producer.commitOffset(GROUP, "nothing", 42, 3)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }
}
