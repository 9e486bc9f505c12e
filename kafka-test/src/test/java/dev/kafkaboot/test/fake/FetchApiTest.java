package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.LogRequests.error;
import static dev.kafkaboot.test.fake.LogRequests.logOf;
import static dev.kafkaboot.test.fake.LogRequests.produce;
import static dev.kafkaboot.test.fake.TestFetch.only;
import static dev.kafkaboot.test.fake.TestFetch.valuesOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.FetchRequest.FetchPartition;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.protocol.message.FetchResponse.NodeEndpoint;
import dev.kafkaboot.protocol.message.FetchResponse.PartitionData;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.test.fake.TestClient.Reply;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchApiTest {

    private final FakeKafka cluster = FakeKafka.builder().brokers(2).rackAwareReads(true).build();
    private final TestClient client;

    FetchApiTest() {
        cluster.createTopic("orders");
        cluster.createTopic("bills");
        client = new TestClient(cluster, 1);
        cluster.moveLeader("bills", 0, 1);
    }

    private void append(String topic, String... values) {
        client.ask(produce(cluster, topic, 1, TestBatch.of(values).bytes()));
    }

    private TestFetch fetch() {
        return new TestFetch(cluster);
    }

    private ErrorCode errorOf(TestFetch fetch, int version) {
        return error(only(client.ask(fetch.request(), version)).errorCode());
    }

    private int sizeOf(String topic) {
        return logOf(cluster, topic).between(0, Long.MAX_VALUE).iterator().next().sizeInBytes();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18})
    void eachVersionReadsWhatWasProduced(int version) {
        append("orders", "a", "b");
        append("orders", "c");

        PartitionData data = only(client.ask(fetch().from("orders", 0).request(), version));

        assertThat(error(data.errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(valuesOf(data)).containsExactly("a", "b", "c");
        assertThat(data.highWatermark()).isEqualTo(3);
        assertThat(data.lastStableOffset()).isEqualTo(3);
    }

    @Test
    void batchIsReadWholeWhereTheOffsetLiesWithinIt() {
        append("orders", "a", "b");
        append("orders", "c");

        assertThat(valuesOf(only(client.ask(fetch().from("orders", 1).request())))).containsExactly("a", "b", "c");
        assertThat(valuesOf(only(client.ask(fetch().from("orders", 2).request())))).containsExactly("c");
    }

    @Test
    void compressedBatchIsReadAsItWasProduced() {
        String value = "a".repeat(500);
        client.ask(produce(cluster, "orders", 1, TestBatch.of(value).compressed(CompressionType.GZIP).bytes()));

        PartitionData data = only(client.ask(fetch().from("orders", 0).request()));

        assertThat(valuesOf(data)).containsExactly(value);
        assertThat(Objects.requireNonNull(data.records()).size()).isLessThan(500);
    }

    @Test
    void offsetsOutsideOfTheLogAreOutOfRange() {
        append("orders", "a", "b");
        logOf(cluster, "orders").deleteBefore(1);

        assertThat(errorOf(fetch().from("orders", 0), 18)).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(errorOf(fetch().from("orders", 1), 18)).isEqualTo(ErrorCode.NONE);
        assertThat(errorOf(fetch().from("orders", 3), 18)).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void firstBatchIsReadEvenIfItIsTooLarge() {
        append("orders", "a".repeat(1000));
        append("bills", "b".repeat(1000));

        FetchResponse answer = client.ask(fetch().from("orders", 0).from("bills", 0).maxBytes(10).request());

        assertThat(valuesOf(answer.responses().get(0).partitions().get(0))).hasSize(1);
        assertThat(valuesOf(answer.responses().get(1).partitions().get(0))).isEmpty();
        assertThat(answer.responses().get(1).partitions().get(0).highWatermark()).isEqualTo(1);
    }

    @Test
    void lastBatchIsCutOffAtThePartitionsLimit() {
        append("orders", "a");
        append("orders", "b");
        int limit = sizeOf("orders") + 20;

        PartitionData data = only(client.ask(fetch().with("orders", new FetchPartition().partitionMaxBytes(limit)).request()));

        assertThat(Objects.requireNonNull(data.records()).size()).isEqualTo(limit);
        assertThat(valuesOf(data)).containsExactly("a");
    }

    @Test
    void emptyFetchIsKeptUntilSomethingIsAppended() {
        Reply<FetchResponse> reply = client.send(fetch().from("orders", 0).waiting(500, 1).request(), 18);
        client.pass(100);
        assertThat(reply.isHere()).isFalse();

        TestClient other = new TestClient(cluster, 1);
        other.ask(produce(cluster, "orders", 1, TestBatch.of("a").bytes()));

        assertThat(valuesOf(only(reply.get()))).containsExactly("a");
    }

    @Test
    void requestBehindAKeptFetchIsWorkedOnWhenTheFetchIsAnswered() {
        client.send(fetch().from("orders", 0).waiting(500, 1).request(), 18);
        Reply<ProduceResponse> behind = client.send(produce(cluster, "orders", -1, TestBatch.of("b").bytes()), 13);
        assertThat(behind.isHere()).isFalse();

        TestClient other = new TestClient(cluster, 1);
        ProduceResponse first = other.ask(produce(cluster, "orders", -1, TestBatch.of("a").bytes()));

        assertThat(LogRequests.only(first).baseOffset()).isZero();
        assertThat(LogRequests.only(behind.get()).baseOffset()).isEqualTo(1);
    }

    @Test
    void emptyFetchIsAnsweredWhenItsTimeIsOver() {
        Reply<FetchResponse> reply = client.send(fetch().from("orders", 0).waiting(500, 1).request(), 18);

        client.pass(499);
        assertThat(reply.isHere()).isFalse();
        client.pass(1);

        assertThat(valuesOf(only(reply.get()))).isEmpty();
    }

    @Test
    void fetchWaitsForAsManyBytesAsItWants() {
        TestClient other = new TestClient(cluster, 1);
        other.ask(produce(cluster, "orders", 1, TestBatch.of("a").bytes()));
        Reply<FetchResponse> reply =
                client.send(fetch().from("orders", 0).from("bills", 0).waiting(500, sizeOf("orders") + 1).request(), 18);
        assertThat(reply.isHere()).isFalse();

        other.ask(produce(cluster, "bills", 1, TestBatch.of("b").bytes()));

        assertThat(reply.get().responses()).hasSize(2);
    }

    @Test
    void keptFetchEndsWithItsConnection() {
        client.send(fetch().from("orders", 0).waiting(500, 1).request(), 18);

        client.disconnect();

        assertThat(cluster.nextDueNanos()).isEmpty();
    }

    @Test
    void unknownTopicIsNamedByTheErrorOfItsVersion() {
        assertThat(errorOf(fetch().from("nowhere", 0).waiting(500, 1), 12)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errorOf(fetch().from("nowhere", 0).waiting(500, 1), 13)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(errorOf(fetch().with("orders", new FetchPartition().partition(7)), 13)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void deletedTopicEndsTheWaiting() {
        Reply<FetchResponse> reply = client.send(fetch().from("orders", 0).waiting(500, 1).request(), 18);

        cluster.deleteTopic("orders");

        assertThat(error(only(reply.get()).errorCode())).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Test
    void leaderThatMovesFencesThoseWhoBelieveInTheOldEpoch() {
        FetchPartition old = new FetchPartition().currentLeaderEpoch(0).partitionMaxBytes(1000);
        Reply<FetchResponse> reply = client.send(fetch().with("orders", old).waiting(500, 1).request(), 16);

        cluster.moveLeader("orders", 0, 2);

        PartitionData data = only(reply.get());
        assertThat(error(data.errorCode())).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(data.currentLeader().leaderId()).isEqualTo(2);
        assertThat(data.currentLeader().leaderEpoch()).isEqualTo(1);
        assertThat(reply.get().nodeEndpoints()).containsExactly(new NodeEndpoint().nodeId(2).host("broker-2").port(9092));
    }

    @Test
    void epochThatIsNotHereYetIsUnknown() {
        FetchPartition ahead = new FetchPartition().currentLeaderEpoch(5).partitionMaxBytes(1000);

        assertThat(errorOf(fetch().with("orders", ahead), 18)).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void followersAnswerConsumersFromVersionEleven() {
        append("orders", "a");
        TestClient follower = new TestClient(cluster, 2);

        assertThat(error(only(follower.ask(fetch().from("orders", 0).request(), 10)).errorCode()))
                .isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(valuesOf(only(follower.ask(fetch().from("orders", 0).request(), 11)))).containsExactly("a");
    }

    @Test
    void brokerWithoutReplicaNamesTheLeader() {
        cluster.addBroker(3, "broker-3", 9092, null);
        TestClient stranger = new TestClient(cluster, 3);

        PartitionData data = only(stranger.ask(fetch().from("orders", 0).request(), 16));

        assertThat(error(data.errorCode())).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(data.currentLeader().leaderId()).isEqualTo(1);
    }

    @Test
    void truncatedLogTellsWhereItDiverges() {
        append("orders", "a");
        append("orders", "b");
        append("orders", "c");
        logOf(cluster, "orders").truncateTo(1);
        cluster.moveLeader("orders", 0, 2);
        cluster.moveLeader("orders", 0, 1);

        FetchPartition ahead = new FetchPartition().fetchOffset(3).lastFetchedEpoch(0).currentLeaderEpoch(2).partitionMaxBytes(1000);
        PartitionData data = only(client.ask(fetch().with("orders", ahead).waiting(500, 1).request(), 12));

        assertThat(error(data.errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(data.divergingEpoch().epoch()).isZero();
        assertThat(data.divergingEpoch().endOffset()).isEqualTo(1);
        assertThat(valuesOf(data)).isEmpty();
    }

    @Test
    void leaderSendsConsumersToTheReplicaInTheirRack() {
        cluster.addBroker(3, "broker-3", 9092, "east");
        cluster.addBroker(4, "broker-4", 9092, "west");
        cluster.createTopic("spread", 1, 4, Map.of());
        cluster.moveLeader("spread", 0, 3);
        TestClient leader = new TestClient(cluster, 3);
        leader.ask(produce(cluster, "spread", 1, TestBatch.of("a").bytes()));

        PartitionData toWest = only(leader.ask(fetch().from("spread", 0).inRack("west").waiting(500, 1).request()));
        PartitionData fromEast = only(leader.ask(fetch().from("spread", 0).inRack("east").request()));
        PartitionData fromWest = only(new TestClient(cluster, 4).ask(fetch().from("spread", 0).inRack("west").request()));

        assertThat(toWest.preferredReadReplica()).isEqualTo(4);
        assertThat(valuesOf(toWest)).isEmpty();
        assertThat(fromEast.preferredReadReplica()).isEqualTo(-1);
        assertThat(valuesOf(fromEast)).containsExactly("a");
        assertThat(valuesOf(fromWest)).containsExactly("a");
    }
}
