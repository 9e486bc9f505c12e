package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a group keeps, and what it loses, when another broker becomes its coordinator. */
class CoordinatorMoveTest {

    private static final String GROUP = "billing";
    private static final int PARTITION = 9; // where "billing" falls

    private FakeKafka cluster = FakeKafka.builder().brokers(3).build();

    private ClassicTestMember member() {
        return new ClassicTestMember(cluster, GROUP);
    }

    private void pass(long millis) {
        cluster.advanceTo(cluster.nowNanos() + Duration.ofMillis(millis).toNanos());
    }

    /** Makes another broker the coordinator, and gives a connection to it. */
    private TestClient move() {
        int old = cluster.leaderOf("__consumer_offsets", PARTITION);
        cluster.moveLeader("__consumer_offsets", PARTITION, old % 3 + 1);
        return TestClient.ofCoordinator(cluster, GROUP, "client");
    }

    @Test
    void theOldCoordinatorSaysThatItIsNone() {
        ClassicTestMember member = member().becomeStable("all");

        move();

        assertThat(member.heartbeat()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(member.sync().get().errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        assertThat(member.join().get().errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        assertThat(member.leave().errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
    }

    @Test
    void theNewCoordinatorKnowsTheStableGroup() {
        ClassicTestMember member = member().becomeStable("all");

        member.via(move());

        assertThat(member.heartbeat()).isEqualTo(ErrorCode.NONE);
        assertThat(new String(member.sync().get().assignment(), StandardCharsets.UTF_8)).isEqualTo("all");
    }

    @Test
    void sessionsBeginAnew() {
        ClassicTestMember member = member().becomeStable("all");

        pass(ClassicTestMember.SESSION_MILLIS - 1);
        member.via(move());
        pass(ClassicTestMember.SESSION_MILLIS - 1);
        ErrorCode alive = member.heartbeat();
        pass(ClassicTestMember.SESSION_MILLIS);
        ErrorCode gone = member.heartbeat();

        assertThat(alive).isEqualTo(ErrorCode.NONE);
        assertThat(gone).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void whoWaitsIsToldAndTheRebalanceIsForgotten() {
        ClassicTestMember leader = member().becomeStable("all");
        ClassicTestMember newcomer = member();
        var join = newcomer.join();

        TestClient coordinator = move();
        ErrorCode ofLeader = leader.via(coordinator).heartbeat();
        short ofNewcomer = newcomer.via(coordinator).join().get().errorCode();

        assertThat(join.get().errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        assertThat(ofLeader).isEqualTo(ErrorCode.NONE);
        assertThat(ofNewcomer).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID.code());
    }

    @Test
    void aMemberThatWaitsForItsAssignmentIsTold() {
        ClassicTestMember leader = member().becomeStable("all");
        ClassicTestMember follower = member();
        var join = follower.join();
        leader.joined(leader.join());
        follower.joined(join);
        var sync = follower.sync();

        move();

        assertThat(sync.get().errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
    }

    @Test
    void theNewCoordinatorTakesItsTimeToLoad() {
        cluster = FakeKafka.builder().brokers(3).coordinatorLoad(Duration.ofSeconds(3)).build();
        ClassicTestMember member = member().becomeStable("all");

        member.via(move());
        short join = member.join().get().errorCode();
        ErrorCode heartbeat = member.heartbeat();
        pass(2_999);
        short still = member.sync().get().errorCode();
        pass(1);
        short then = member.sync().get().errorCode();

        assertThat(join).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code());
        assertThat(heartbeat).isEqualTo(ErrorCode.NONE); // as a real broker: blindly
        assertThat(still).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code());
        assertThat(then).isZero();
    }

    @Test
    void theNewCoordinatorOfTransactionsTakesItsTimeToo() {
        cluster = FakeKafka.builder().brokers(3).coordinatorLoad(Duration.ofSeconds(3)).build();
        cluster.createTopic("orders");
        FakePartition partition = cluster.coordinators().partitionOf(CoordinatorType.TRANSACTION, GROUP);
        int next = partition.leader() % 3 + 1;
        TestTransactions producer = new TestTransactions(cluster, new TestClient(cluster, next), GROUP);

        cluster.moveLeader("__transaction_state", partition.index(), next);
        ErrorCode init = producer.init();
        ErrorCode add = producer.add("orders", 3);
        ErrorCode addGroup = producer.addGroup("readers");
        ErrorCode end = producer.end(/* commit= */ true, TestTransactions.END_V1);
        pass(3_000);
        ErrorCode then = producer.init();

        assertThat(List.of(init, add, addGroup, end)).containsOnly(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(then).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aSessionDoesNotEndWhileNobodyCoordinates() {
        cluster = FakeKafka.builder().brokers(3).failoverMillis(20_000).build();
        ClassicTestMember member = member().becomeStable("all");

        cluster.broker(cluster.leaderOf("__consumer_offsets", PARTITION)).kill();
        pass(20_001);
        member.via(TestClient.ofCoordinator(cluster, GROUP, "client"));

        assertThat(member.heartbeat()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void offsetsSurvive() {
        cluster.createTopic("orders");
        TestClient before = TestClient.ofCoordinator(cluster, GROUP, "client");
        before.ask(OffsetRequests.commit(GROUP, "orders", Map.of(0, 42L)), 8);

        TestClient after = move();
        var fetched = after.ask(OffsetRequests.fetch(GROUP, "orders", 0), 7);
        short old = before.ask(OffsetRequests.fetch(GROUP, "orders", 0), 7).errorCode();

        assertThat(fetched.topics().get(0).partitions().get(0).committedOffset()).isEqualTo(42);
        assertThat(old).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
    }
}
