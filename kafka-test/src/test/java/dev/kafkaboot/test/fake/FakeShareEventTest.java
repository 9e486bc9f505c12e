package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.ShareTestMember.ACCEPT;
import static dev.kafkaboot.test.fake.ShareTestMember.REJECT;
import static dev.kafkaboot.test.fake.ShareTestMember.RELEASE;
import static dev.kafkaboot.test.fake.ShareTestMember.RENEW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.test.fake.FakeSharePartition.UnderWay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a fake cluster tells of the records of share groups, to whoever compares it with what members were told. */
class FakeShareEventTest {

    private static final String GROUP = "billing";
    private static final Duration LOCK = Duration.ofSeconds(30);

    private final FakeKafka cluster = FakeKafka.builder().brokers(2).build();
    private final List<String> events = new ArrayList<>();
    private ShareTestMember member;

    @BeforeEach
    void join() {
        cluster.createTopic("orders", 1);
        cluster.onShareEvent(event -> events.add(event.offset() + " " + event.kind() + " " + event.deliveryCount() + (event.isOver() ? " over" : "")));
        member = new ShareTestMember(cluster, GROUP, "one", "orders").joined();
        member.fetch(); // the group begins here
        TestClient leader = new TestClient(cluster, cluster.leaderOf("orders", 0));
        leader.ask(LogRequests.produce(cluster, "orders", LogRequests.ALL, TestBatch.of("a", "b", "c").bytes()));
        member.fetch();
    }

    /** What happened since it was asked last. */
    private List<String> events() {
        List<String> all = List.copyOf(events);
        events.clear();
        return all;
    }

    private FakeSharePartition shared() {
        return cluster.group(GROUP).shared("orders", 0).orElseThrow();
    }

    @Test
    void tellsWhatMembersAreGivenAndWhatTheySay() {
        assertThat(events()).containsExactly("0 ACQUIRED 1", "1 ACQUIRED 1", "2 ACQUIRED 1");
        member.acknowledge(0, 0, ACCEPT);
        member.acknowledge(1, 1, RENEW);
        member.acknowledge(1, 1, REJECT);
        member.acknowledge(2, 2, RELEASE);

        assertThat(events()).containsExactly("0 ACCEPTED 1 over", "1 RENEWED 1", "1 REJECTED 1 over", "2 RELEASED 1");
        assertThat(shared().startOffset()).isEqualTo(2);
        assertThat(shared().underWay()).hasSize(1).containsEntry(2L, new UnderWay(1, null, false));
    }

    @Test
    void tellsWhatIsSaidOfRecordsThatAreOver() {
        member.acknowledge(0, 0, ACCEPT);
        events();

        assertThat(member.acknowledge(0, 0, RELEASE)).isEqualTo(ErrorCode.NONE);
        assertThat(events()).containsExactly("0 STALE 0 over");
    }

    @Test
    void tellsThatALockIsOver() {
        events();
        cluster.advanceTo(cluster.nowNanos() + LOCK.toNanos());

        assertThat(events()).containsExactly("0 TIMED_OUT 1", "1 TIMED_OUT 1", "2 TIMED_OUT 1");
    }

    @Test
    void tellsThatASessionIsOver() {
        events();
        assertThat(cluster.group(GROUP).shareSessions()).containsExactly("one");
        assertThat(shared().underWay()).containsEntry(0L, new UnderWay(1, "one", false));
        cluster.brokers().forEach(FakeBroker::cutConnections);

        assertThat(events()).containsExactly("0 SESSION_ENDED 1", "1 SESSION_ENDED 1", "2 SESSION_ENDED 1");
        assertThat(cluster.group(GROUP).shareSessions()).isEmpty();
    }

    @Test
    void tellsThatAnotherLeaderDoesNotKnowOfDeliveries() {
        member.acknowledge(0, 0, ACCEPT);
        events();
        cluster.moveLeader("orders", 0, cluster.leaderOf("orders", 0) == 1 ? 2 : 1);
        member.followLeader();
        member.fetch();

        assertThat(events()).containsExactly("1 LEADER_MOVED 0", "2 LEADER_MOVED 0", "1 ACQUIRED 1", "2 ACQUIRED 1");
    }

    @Test
    void knowsNothingOfPartitionsThatNobodyReads() {
        cluster.createTopic("others", 1);

        assertThat(cluster.group(GROUP).shared("others", 0)).isEmpty();
        assertThat(cluster.group(GROUP).shared("absent", 0)).isEmpty();
    }
}
