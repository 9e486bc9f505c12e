package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.HeartbeatRequest;
import dev.kafkaboot.protocol.message.LeaveGroupRequest;
import dev.kafkaboot.protocol.message.LeaveGroupRequest.MemberIdentity;
import dev.kafkaboot.protocol.message.LeaveGroupResponse.MemberResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How members of a classic group stay, and how they go. */
class ClassicSessionTest {

    private static final String GROUP = "billing";

    private final FakeKafka cluster = FakeKafka.builder().brokers(3).build();

    private ClassicTestMember member() {
        return new ClassicTestMember(cluster, GROUP);
    }

    private void pass(long millis) {
        cluster.advanceTo(cluster.nowNanos() + Duration.ofMillis(millis).toNanos());
    }

    private String state() {
        Group group = cluster.groupCoordinator().find(GROUP);
        return group == null ? "none" : group.stateName();
    }

    @Test
    void aHeartbeatProlongsTheSession() {
        ClassicTestMember member = member().becomeStable("all");

        pass(ClassicTestMember.SESSION_MILLIS - 1);
        ErrorCode first = member.heartbeat();
        pass(ClassicTestMember.SESSION_MILLIS - 1);
        ErrorCode second = member.heartbeat();

        assertThat(first).isEqualTo(ErrorCode.NONE);
        assertThat(second).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void silenceEndsTheSession() {
        ClassicTestMember member = member().becomeStable("all");

        pass(ClassicTestMember.SESSION_MILLIS);

        assertThat(state()).isEqualTo("Empty");
        assertThat(member.heartbeat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void theOthersRebalanceWhenOneIsGone() {
        ClassicTestMember stays = member().becomeStable("all");
        ClassicTestMember goes = member();
        var join = goes.join();
        stays.joined(stays.join());
        goes.joined(join);
        stays.sync();

        pass(ClassicTestMember.SESSION_MILLIS - 1);
        stays.heartbeat();
        pass(1);

        assertThat(stays.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(stays.joined(stays.join()).generationId()).isEqualTo(3);
    }

    @Test
    void whoWaitsForTheOthersMayBeSilent() {
        ClassicTestMember busy = member().sessionMillis(60_000).becomeStable("all");
        ClassicTestMember patient = member();
        var join = patient.join();
        busy.joined(busy.join());
        patient.joined(join);
        busy.sync();
        busy.join(); // the leader begins a rebalance

        var again = patient.join();
        pass(ClassicTestMember.SESSION_MILLIS + 1);

        assertThat(again.isHere()).isTrue();
        assertThat(again.get().errorCode()).isZero();
    }

    @Test
    void anIdThatIsNotUsedExpires() {
        ClassicTestMember member = member();
        member.memberId(member.client().ask(member.joinRequest()).memberId());

        pass(ClassicTestMember.SESSION_MILLIS);

        assertThat(member.join().get().errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID.code());
    }

    @Test
    void aRebalanceDoesNotWaitForIdsThatHaveExpired() {
        ClassicTestMember leader = member().sessionMillis(60_000).becomeStable("all");
        ClassicTestMember invited = member();
        invited.client().ask(invited.joinRequest());

        var join = leader.join();
        boolean early = join.isHere();
        pass(ClassicTestMember.SESSION_MILLIS);

        assertThat(early).isFalse();
        assertThat(join.get().generationId()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void aHeartbeatOfAnotherGenerationIsRefused(int version) {
        ClassicTestMember member = member().becomeStable("all");

        var late = new HeartbeatRequest().groupId(GROUP).memberId(member.id()).generationId(9);
        var stranger = new HeartbeatRequest().groupId(GROUP).memberId("stranger").generationId(1);
        var elsewhere = new HeartbeatRequest().groupId("other").memberId(member.id()).generationId(1);

        assertThat(member.client().ask(late, version).errorCode()).isEqualTo(ErrorCode.ILLEGAL_GENERATION.code());
        assertThat(member.client().ask(stranger, version).errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID.code());
        assertThat(TestClient.ofCoordinator(cluster, "other", "client").ask(elsewhere, version).errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID.code());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void oneMemberLeavesInOlderVersions(int version) {
        ClassicTestMember member = member().becomeStable("all");
        LeaveGroupRequest request = new LeaveGroupRequest().groupId(GROUP).memberId(member.id());

        short first = member.client().ask(request, version).errorCode();
        short second = member.client().ask(request, version).errorCode();

        assertThat(first).isZero();
        assertThat(second).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID.code());
        assertThat(state()).isEqualTo("Empty");
    }

    @Test
    void leavingBeginsARebalance() {
        ClassicTestMember stays = member().becomeStable("all");
        ClassicTestMember goes = member();
        var join = goes.join();
        stays.joined(stays.join());
        goes.joined(join);
        stays.sync();

        goes.leave();

        assertThat(stays.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void whoIsTakenOutWhileItWaitsIsTold() {
        ClassicTestMember leader = member().becomeStable("all");
        ClassicTestMember waits = member();
        var join = waits.join();

        leader.client()
                .ask(new LeaveGroupRequest().groupId(GROUP).members(List.of(new MemberIdentity().memberId(waits.id()))));

        assertThat(join.get().errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID.code());
    }

    @Test
    void anIdThatIsNotUsedYetCanLeave() {
        ClassicTestMember member = member();
        member.memberId(member.client().ask(member.joinRequest()).memberId());

        List<MemberResponse> left = member.leave().members();

        assertThat(left).singleElement().satisfies(one -> assertThat(one.errorCode()).isZero());
        assertThat(member.join().get().errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID.code());
    }

    @Test
    void aMemberWhoseConnectionEndsWhileItWaitsIsStillOne() {
        ClassicTestMember leader = member().becomeStable("all");
        ClassicTestMember waits = member();
        waits.join();
        waits.client().disconnect();

        var joined = leader.joined(leader.join());

        assertThat(joined.members()).hasSize(2);
    }

    @Test
    void aRequestThatWaitsBehindAJoinMeetsTheNewGeneration() {
        ClassicTestMember leader = member().becomeStable("all");
        ClassicTestMember second = member();
        ClassicTestMember third = member();
        var secondJoin = second.join();
        // Sent while the join before it on the same connection still waits.
        var secondLeave = second.client()
                .send(new LeaveGroupRequest().groupId(GROUP).members(List.of(new MemberIdentity().memberId(second.id()))), 5);
        var thirdJoin = third.join();

        leader.joined(leader.join());

        assertThat(secondJoin.get().generationId()).isEqualTo(2);
        assertThat(secondLeave.get().members().get(0).errorCode()).isZero();
        assertThat(third.joined(thirdJoin).generationId()).isEqualTo(2);
        assertThat(third.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }
}
