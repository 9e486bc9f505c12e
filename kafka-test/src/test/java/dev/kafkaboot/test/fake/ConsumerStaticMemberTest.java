package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Static members of consumer groups. */
class ConsumerStaticMemberTest {

    private static final String GROUP = "billing";

    private final FakeKafka cluster = FakeKafka.builder().build();

    @BeforeEach
    void createTopic() {
        cluster.createTopic("orders", 4);
    }

    private ConsumerTestMember member(String id) {
        return new ConsumerTestMember(cluster, GROUP, id).instance("node-" + id.charAt(0));
    }

    @Test
    void anInstanceThatIsInUseIsNotGivenAway() {
        member("a1").join();
        ConsumerTestMember second = member("a2");

        assertThat(second.client().ask(second.joinRequest()).errorCode()).isEqualTo(ErrorCode.UNRELEASED_INSTANCE_ID.code());
    }

    @Test
    void aMemberThatLeavesForAWhileFindsItsShareAgain() {
        ConsumerTestMember a = member("a1").join();
        ConsumerTestMember b = member("b1").join();
        a.settle();
        b.settle();
        var before = a.owned();

        ErrorCode left = a.leave(-2);
        b.settle();
        ConsumerTestMember again = member("a2").join();

        assertThat(left).isEqualTo(ErrorCode.NONE);
        assertThat(again.owned()).isEqualTo(before);
        assertThat(again.epoch()).isEqualTo(b.epoch());
        assertThat(b.owned()).hasSize(2);
    }

    @Test
    void thePredecessorIsFenced() {
        ConsumerTestMember before = member("a1").join();
        before.leave(-2);
        member("a2").join();

        assertThat(before.heartbeatError()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(before.leave(-1)).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void whoDoesNotComeBackLosesItsShare() {
        ConsumerTestMember a = member("a1").join();
        ConsumerTestMember b = member("b1").join();
        a.settle();
        b.settle();
        a.leave(-2);

        cluster.advanceTo(Duration.ofMillis(44_999).toNanos());
        b.heartbeat();
        cluster.advanceTo(Duration.ofSeconds(45).toNanos());
        b.settle();

        assertThat(b.owned()).hasSize(4);
    }

    @Test
    void whoLeavesForGoodGivesItsInstanceBack() {
        ConsumerTestMember before = member("a1").join();
        before.leave(-1);

        ConsumerTestMember after = member("a2").join();

        assertThat(after.owned()).hasSize(4);
        assertThat(before.heartbeatError()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void anInstanceThatIsNotThereIsNotKnown() {
        member("a1").join();

        assertThat(member("b1").epoch(1).heartbeatError()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(member("b1").leave(-2)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }
}
