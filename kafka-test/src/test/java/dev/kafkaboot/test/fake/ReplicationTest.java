package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.LogRequests.ALL;
import static dev.kafkaboot.test.fake.LogRequests.error;
import static dev.kafkaboot.test.fake.LogRequests.logOf;
import static dev.kafkaboot.test.fake.LogRequests.only;
import static dev.kafkaboot.test.fake.LogRequests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.protocol.message.ProduceResponse.NodeEndpoint;
import dev.kafkaboot.protocol.message.ProduceResponse.PartitionProduceResponse;
import dev.kafkaboot.test.fake.TestClient.Reply;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReplicationTest {

    private final FakeKafka cluster = FakeKafka.builder().brokers(3).replicationMillis(10).failoverMillis(500).build();
    private final TestClient client;

    ReplicationTest() {
        cluster.createTopic("orders", 1, 3, Map.of("min.insync.replicas", "2"));
        client = new TestClient(cluster, 1);
    }

    private ProduceRequest batch(int acks) {
        return produce(cluster, "orders", acks, TestBatch.of("a").bytes());
    }

    private PartitionLog log() {
        return logOf(cluster, "orders");
    }

    @Test
    void acksAllIsAnsweredWhenFollowersHaveIt() {
        Reply<ProduceResponse> reply = client.send(batch(ALL), 13);
        assertThat(reply.isHere()).isFalse();
        assertThat(log().highWatermark()).isZero();

        client.pass(10);

        assertThat(error(only(reply.get()).errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(log().highWatermark()).isEqualTo(1);
    }

    @Test
    void acksOneIsAnsweredBeforeFollowersHaveIt() {
        client.ask(batch(1));

        assertThat(log().endOffset()).isEqualTo(1);
        assertThat(log().highWatermark()).isZero();
    }

    @Test
    void waitingForFollowersEndsWithTheTimeout() {
        partition().replication().hold();
        Reply<ProduceResponse> reply = client.send(batch(ALL), 13);

        client.pass(999);
        assertThat(reply.isHere()).isFalse();
        client.pass(1);

        assertThat(error(only(reply.get()).errorCode())).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(log().endOffset()).isEqualTo(1);
    }

    @Test
    void tooFewInSyncReplicasRefuseAcksAll() {
        cluster.broker(2).stop();
        cluster.broker(3).stop();

        assertThat(error(only(client.ask(batch(ALL))).errorCode())).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(error(only(client.ask(batch(1))).errorCode())).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void replicasThatLeaveAfterTheAppendAreReported() {
        partition().replication().hold();
        Reply<ProduceResponse> reply = client.send(batch(ALL), 13);

        cluster.broker(2).stop();
        cluster.broker(3).stop();

        assertThat(error(only(reply.get()).errorCode())).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
    }

    @Test
    void killedFollowerHoldsAcksUpUntilTheClusterNotices() {
        cluster.broker(3).kill();
        Reply<ProduceResponse> reply = client.send(batch(ALL), 13);

        client.pass(499);
        assertThat(reply.isHere()).isFalse();
        client.pass(1);

        assertThat(error(only(reply.get()).errorCode())).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void killedLeaderTakesWithItWhatWasNotReplicated() {
        client.ask(batch(1));
        client.pass(10);
        client.ask(batch(1));

        cluster.broker(1).kill();
        new TestClient(cluster, 2).pass(500);

        assertThat(cluster.leaderOf("orders", 0)).isEqualTo(2);
        assertThat(log().endOffset()).isEqualTo(1);
        assertThat(log().epochs().endOf(0, log().endOffset())).isEqualTo(new LeaderEpochs.End(0, 1));
    }

    @Test
    void killedLeaderThatIsBackBeforeAnybodyNoticedHasEverything() {
        client.ask(batch(1));

        cluster.broker(1).kill();
        cluster.broker(1).start();
        new TestClient(cluster, 1).pass(10);

        assertThat(log().endOffset()).isEqualTo(1);
        assertThat(log().highWatermark()).isEqualTo(1);
    }

    @Test
    void leaderThatIsShutDownLosesNothing() {
        client.ask(batch(1));

        cluster.broker(1).stop();

        assertThat(cluster.leaderOf("orders", 0)).isEqualTo(2);
        assertThat(log().endOffset()).isEqualTo(1);
        assertThat(log().highWatermark()).isEqualTo(1);
    }

    @Test
    void wrongBrokerNamesTheLeader() {
        TestClient wrong = new TestClient(cluster, 2);

        ProduceResponse answer = wrong.ask(batch(ALL), 10);

        PartitionProduceResponse partition = only(answer);
        assertThat(error(partition.errorCode())).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(partition.currentLeader().leaderId()).isEqualTo(1);
        assertThat(partition.currentLeader().leaderEpoch()).isZero();
        assertThat(answer.nodeEndpoints()).containsExactly(new NodeEndpoint().nodeId(1).host("broker-1").port(9092));
    }

    @Test
    void leaderThatMovesLeavesThoseInDoubtWhoWaitForFollowers() {
        Reply<ProduceResponse> reply = client.send(batch(ALL), 13);

        cluster.moveLeader("orders", 0, 3);

        PartitionProduceResponse answer = only(reply.get());
        assertThat(error(answer.errorCode())).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(answer.currentLeader().leaderId()).isEqualTo(3);
        assertThat(log().highWatermark()).isEqualTo(1);
    }

    private FakePartition partition() {
        return Objects.requireNonNull(cluster.topics().find("orders", 0));
    }
}
