package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.LogRequests.error;
import static dev.kafkaboot.test.fake.LogRequests.logOf;
import static dev.kafkaboot.test.fake.LogRequests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.DeleteRecordsRequest;
import dev.kafkaboot.protocol.message.DeleteRecordsRequest.DeleteRecordsPartition;
import dev.kafkaboot.protocol.message.DeleteRecordsRequest.DeleteRecordsTopic;
import dev.kafkaboot.protocol.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import dev.kafkaboot.protocol.message.DescribeProducersRequest;
import dev.kafkaboot.protocol.message.DescribeProducersResponse;
import dev.kafkaboot.protocol.message.ListOffsetsRequest;
import dev.kafkaboot.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaboot.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import dev.kafkaboot.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import dev.kafkaboot.protocol.message.OffsetForLeaderEpochRequest;
import dev.kafkaboot.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import dev.kafkaboot.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import dev.kafkaboot.protocol.message.OffsetForLeaderEpochResponse.EpochEndOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetApisTest {

    private static final long NOON = TestBatch.START;

    private final FakeKafka cluster = FakeKafka.builder().brokers(2).build();
    private final TestClient client;

    OffsetApisTest() {
        cluster.createTopic("orders");
        client = new TestClient(cluster, 1);
    }

    private void append(long timestamp, String... values) {
        client.ask(produce(cluster, "orders", 1, TestBatch.of(values).at(timestamp).bytes()));
    }

    private ListOffsetsPartitionResponse list(long timestamp, int version, ListOffsetsPartition... more) {
        List<ListOffsetsPartition> asked = new ArrayList<>(List.of(more));
        asked.add(0, new ListOffsetsPartition().timestamp(timestamp));
        return client.ask(
                new ListOffsetsRequest().replicaId(-1).topics(List.of(new ListOffsetsTopic().name("orders").partitions(asked))), version)
                .topics().get(0).partitions().get(0);
    }

    private EpochEndOffset endOf(int epoch, int believed) {
        return client.ask(new OffsetForLeaderEpochRequest().replicaId(-1).topics(List.of(new OffsetForLeaderTopic().topic("orders")
                .partitions(List.of(new OffsetForLeaderPartition().leaderEpoch(epoch).currentLeaderEpoch(believed))))))
                .topics().get(0).partitions().get(0);
    }

    private DeleteRecordsPartitionResult delete(String topic, long offset) {
        return client.ask(new DeleteRecordsRequest().topics(List.of(new DeleteRecordsTopic().name(topic)
                .partitions(List.of(new DeleteRecordsPartition().offset(offset))))))
                .topics().get(0).partitions().get(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void eachVersionFindsBothEnds(int version) {
        append(NOON, "a", "b");
        logOf(cluster, "orders").deleteBefore(1);

        assertThat(list(-2, version).offset()).isEqualTo(1);
        assertThat(list(-1, version).offset()).isEqualTo(2);
        assertThat(list(-1, version).leaderEpoch()).isEqualTo(version >= 4 ? 0 : -1);
    }

    @Test
    void timeFindsTheFirstRecordThatIsNotOlder() {
        append(NOON, "a", "b");
        append(NOON + 10, "c");

        ListOffsetsPartitionResponse found = list(NOON + 1, 11);

        assertThat(found.offset()).isEqualTo(1);
        assertThat(found.timestamp()).isEqualTo(NOON + 1);
        assertThat(list(NOON + 2, 11).offset()).isEqualTo(2);
        assertThat(list(NOON + 11, 11).offset()).isEqualTo(-1);
    }

    @Test
    void newestRecordNeedNotBeTheLast() {
        append(NOON + 50, "a", "b");
        append(NOON, "c");

        ListOffsetsPartitionResponse found = list(-3, 7);

        assertThat(found.offset()).isEqualTo(1);
        assertThat(found.timestamp()).isEqualTo(NOON + 51);
    }

    @Test
    void newestRecordIsToldAlthoughItWasDeleted() {
        append(NOON + 50, "a", "b");
        append(NOON, "c");
        logOf(cluster, "orders").deleteBefore(3);

        ListOffsetsPartitionResponse found = list(-3, 7);

        assertThat(found.offset()).isEqualTo(1);
        assertThat(found.timestamp()).isEqualTo(NOON + 51);
    }

    @Test
    void emptyLogHasNoNewestRecord() {
        assertThat(list(-3, 11).offset()).isEqualTo(-1);
        assertThat(error(list(-3, 11).errorCode())).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void placesAreUnsupportedBeforeTheirVersion() {
        assertThat(error(list(-3, 6).errorCode())).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(error(list(-4, 7).errorCode())).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(list(-4, 8).offset()).isZero();
        assertThat(error(list(-5, 8).errorCode())).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(list(-5, 9).offset()).isEqualTo(-1);
        assertThat(error(list(-6, 10).errorCode())).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(list(-6, 11).offset()).isEqualTo(-1);
    }

    @Test
    void partitionThatIsNamedTwiceIsInvalid() {
        assertThat(error(list(-1, 11, new ListOffsetsPartition().timestamp(-2)).errorCode())).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void onlyTheLeaderListsOffsets() {
        cluster.moveLeader("orders", 0, 2);

        assertThat(error(list(-1, 11).errorCode())).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void epochEndsWhereTheNextBegins() {
        append(NOON, "a", "b");
        cluster.moveLeader("orders", 0, 2);
        cluster.moveLeader("orders", 0, 1);
        append(NOON, "c");

        assertThat(endOf(0, 2)).isEqualTo(new EpochEndOffset().leaderEpoch(0).endOffset(2));
        assertThat(endOf(1, 2)).isEqualTo(new EpochEndOffset().leaderEpoch(0).endOffset(2));
        assertThat(endOf(2, 2)).isEqualTo(new EpochEndOffset().leaderEpoch(2).endOffset(3));
        assertThat(endOf(3, 2)).isEqualTo(new EpochEndOffset().leaderEpoch(-1).endOffset(-1));
    }

    @Test
    void epochsOfThoseWhoAskAreChecked() {
        cluster.moveLeader("orders", 0, 2);
        cluster.moveLeader("orders", 0, 1);

        assertThat(error(endOf(0, 1).errorCode())).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(error(endOf(0, 3).errorCode())).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void deletingMovesTheBeginning() {
        append(NOON, "a", "b", "c");

        assertThat(delete("orders", 2).lowWatermark()).isEqualTo(2);
        assertThat(delete("orders", 1).lowWatermark()).isEqualTo(2);
        assertThat(list(-2, 11).offset()).isEqualTo(2);
        assertThat(list(NOON, 11).offset()).isEqualTo(2);
        assertThat(delete("orders", -1).lowWatermark()).isEqualTo(3);
        assertThat(error(delete("orders", 4).errorCode())).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void compactedTopicIsNotDeletedFrom() {
        cluster.createTopic("table", 1, 2, Map.of("cleanup.policy", "compact"));
        cluster.moveLeader("table", 0, 1);

        assertThat(error(delete("table", 0).errorCode())).isEqualTo(ErrorCode.POLICY_VIOLATION);
        assertThat(error(delete("nowhere", 0).errorCode())).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void producersAreDescribed() {
        client.ask(produce(cluster, "orders", 1, TestBatch.of("a", "b").from(42, 3, 0).bytes()));

        DescribeProducersResponse answer = client.ask(new DescribeProducersRequest().topics(
                List.of(new DescribeProducersRequest.TopicRequest().name("orders").partitionIndexes(List.of(0)))));

        assertThat(answer.topics().get(0).partitions().get(0).activeProducers()).containsExactly(new DescribeProducersResponse.ProducerState()
                .producerId(42).producerEpoch(3).lastSequence(1).lastTimestamp(NOON + 1).coordinatorEpoch(-1).currentTxnStartOffset(-1));
    }
}
