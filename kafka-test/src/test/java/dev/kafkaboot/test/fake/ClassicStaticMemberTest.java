package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.JoinGroupResponse.JoinGroupResponseMember;
import dev.kafkaboot.protocol.message.LeaveGroupRequest;
import dev.kafkaboot.protocol.message.LeaveGroupRequest.MemberIdentity;
import dev.kafkaboot.protocol.message.LeaveGroupResponse;
import dev.kafkaboot.protocol.message.LeaveGroupResponse.MemberResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Members that keep their place over a restart, because they say who they are (KIP-345). */
class ClassicStaticMemberTest {

    private static final String GROUP = "billing";

    private final FakeKafka cluster = FakeKafka.builder().brokers(3).build();

    private ClassicTestMember member(String instanceId) {
        return new ClassicTestMember(cluster, GROUP).instance(instanceId);
    }

    @Test
    void aStaticMemberNeedsNoIdFirst() {
        ClassicTestMember member = member("node-1");

        JoinGroupResponse joined = member.joined(member.join());

        assertThat(joined.memberId()).startsWith("node-1-");
        assertThat(joined.members()).extracting(JoinGroupResponseMember::groupInstanceId).containsExactly("node-1");
    }

    @Test
    void aLeaderThatComesBackIsToldToSkipTheAssignment() {
        ClassicTestMember before = member("node-1").becomeStable("all");
        ClassicTestMember after = member("node-1");

        JoinGroupResponse joined = after.joined(after.join());

        assertThat(joined.generationId()).isEqualTo(1);
        assertThat(joined.skipAssignment()).isTrue();
        assertThat(joined.leader()).isEqualTo(after.id()).isNotEqualTo(before.id());
        assertThat(joined.members()).extracting(JoinGroupResponseMember::memberId).containsExactly(after.id());
        assertThat(new String(after.sync().get().assignment(), StandardCharsets.UTF_8)).isEqualTo("all");
    }

    @Test
    void anOlderLeaderThatComesBackTakesItselfForAFollower() {
        ClassicTestMember before = member("node-1").becomeStable("all");
        ClassicTestMember after = member("node-1");

        JoinGroupResponse joined = after.client().ask(after.joinRequest(), 8);

        assertThat(joined.errorCode()).isZero();
        assertThat(joined.leader()).isEqualTo(before.id()).isNotEqualTo(joined.memberId());
        assertThat(joined.members()).isEmpty();
    }

    @Test
    void thePredecessorIsFenced() {
        ClassicTestMember before = member("node-1").becomeStable("all");

        ClassicTestMember after = member("node-1");
        after.joined(after.join());

        assertThat(before.heartbeat()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(before.sync().get().errorCode()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID.code());
        assertThat(before.join().get().errorCode()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID.code());
    }

    @Test
    void aPredecessorThatWaitsIsFencedAtOnce() {
        ClassicTestMember leader = member("node-1").becomeStable("all");
        ClassicTestMember before = member("node-2");
        ClassicTestMember after = member("node-2");

        var waiting = before.join();
        var successors = after.join();
        leader.joined(leader.join());

        assertThat(waiting.get().errorCode()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID.code());
        assertThat(successors.get().errorCode()).isZero();
    }

    @Test
    void aReturnWhileAssignmentsAreAwaitedBeginsARebalance() {
        ClassicTestMember leader = member("node-1");
        leader.joined(leader.join());

        ClassicTestMember successor = member("node-1");
        JoinGroupResponse joined = successor.joined(successor.join());

        assertThat(joined.generationId()).isEqualTo(2);
        assertThat(joined.skipAssignment()).isFalse();
    }

    @Test
    void aReturnThatChangesTheProtocolBeginsARebalance() {
        member("node-1").protocols("range", "sticky").becomeStable("all");

        ClassicTestMember successor = member("node-1").protocols("sticky");
        JoinGroupResponse joined = successor.joined(successor.join());

        assertThat(joined.generationId()).isEqualTo(2);
        assertThat(joined.protocolName()).isEqualTo("sticky");
    }

    @Test
    void aRestartThatIsQuickerThanTheSessionDisturbsNobody() {
        ClassicTestMember leader = member("node-1").becomeStable("all");
        ClassicTestMember before = member("node-2");
        var join = before.join();
        leader.joined(leader.join());
        before.joined(join);
        var sync = before.sync();
        leader.sync(Map.of(leader.id(), "even", before.id(), "odd"));
        assertThat(sync.isHere()).isTrue();

        cluster.advanceTo(Duration.ofMillis(ClassicTestMember.SESSION_MILLIS - 1).toNanos());
        leader.heartbeat();
        ClassicTestMember after = member("node-2");
        JoinGroupResponse joined = after.joined(after.join());
        cluster.advanceTo(Duration.ofMillis(ClassicTestMember.SESSION_MILLIS + 1).toNanos());

        assertThat(joined.generationId()).isEqualTo(2);
        assertThat(new String(after.sync().get().assignment(), StandardCharsets.UTF_8)).isEqualTo("odd");
        assertThat(leader.heartbeat()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aStaticMemberThatStaysAwayIsKeptOverARebalance() {
        ClassicTestMember leader = member("node-1").sessionMillis(60_000).becomeStable("all");
        ClassicTestMember other = new ClassicTestMember(cluster, GROUP).sessionMillis(60_000);

        var join = other.join();
        cluster.advanceTo(Duration.ofMillis(ClassicTestMember.REBALANCE_MILLIS).toNanos());
        JoinGroupResponse joined = other.joined(join);

        assertThat(joined.leader()).isEqualTo(other.id());
        assertThat(joined.members()).extracting(JoinGroupResponseMember::memberId).containsExactly(leader.id(), other.id());
    }

    @Test
    void anAdministratorRemovesMembersByTheirInstance() {
        ClassicTestMember member = member("node-1").becomeStable("all");

        LeaveGroupResponse left = member.client().ask(new LeaveGroupRequest()
                .groupId(GROUP)
                .members(List.of(new MemberIdentity().groupInstanceId("node-1"), new MemberIdentity().groupInstanceId("node-9"))));

        assertThat(left.errorCode()).isZero();
        assertThat(left.members())
                .extracting(MemberResponse::errorCode)
                .containsExactly(ErrorCode.NONE.code(), ErrorCode.UNKNOWN_MEMBER_ID.code());
        assertThat(member.heartbeat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void whoLeavesUnderAnOldIdIsFenced() {
        ClassicTestMember before = member("node-1").becomeStable("all");
        ClassicTestMember after = member("node-1");
        after.joined(after.join());

        LeaveGroupResponse left = before.leave();

        assertThat(left.members().get(0).errorCode()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID.code());
        assertThat(after.heartbeat()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void anInstanceThatIsNotThereIsNotKnown() {
        ClassicTestMember member = new ClassicTestMember(cluster, GROUP).becomeStable("all");
        JoinGroupRequest request = member.joinRequest().groupInstanceId("node-1");

        JoinGroupResponse refused = member.client().ask(request);

        assertThat(refused.errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID.code());
    }
}
