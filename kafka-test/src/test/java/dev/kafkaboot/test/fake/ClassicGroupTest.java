package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.JoinGroupResponse.JoinGroupResponseMember;
import dev.kafkaboot.protocol.message.SyncGroupRequest;
import dev.kafkaboot.protocol.message.SyncGroupResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rebalances of a classic group: who is awaited, who is answered what, and who is dropped. */
class ClassicGroupTest {

    private static final String GROUP = "billing";

    private final FakeKafka cluster = FakeKafka.builder().brokers(3).build();

    private ClassicTestMember member() {
        return new ClassicTestMember(cluster, GROUP);
    }

    private ClassicGroup group() {
        Group group = cluster.groupCoordinator().find(GROUP);
        assertThat(group).isInstanceOf(ClassicGroup.class);
        return (ClassicGroup) Objects.requireNonNull(group);
    }

    private void pass(long millis) {
        cluster.advanceTo(cluster.nowNanos() + Duration.ofMillis(millis).toNanos());
    }

    // ---- joining

    @Test
    void aDynamicMemberGetsItsIdFirst() {
        ClassicTestMember member = member();

        JoinGroupResponse invitation = member.client().ask(member.joinRequest(), 4);

        assertThat(invitation.errorCode()).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED.code());
        assertThat(invitation.memberId()).startsWith("client-").hasSize("client-".length() + 36);
        assertThat(group().state()).isEqualTo(ClassicState.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void anOlderMemberJoinsWithoutAnId(int version) {
        ClassicTestMember member = member().rebalanceMillis(version == 0 ? -1 : 30_000);

        JoinGroupResponse joined = member.client().ask(member.joinRequest(), version);

        assertThat(joined.errorCode()).isZero();
        assertThat(joined.generationId()).isEqualTo(1);
        assertThat(joined.leader()).isEqualTo(joined.memberId());
        assertThat(joined.protocolName()).isEqualTo("range");
    }

    @Test
    void theSameSeedGivesTheSameIds() {
        ClassicTestMember here = member();
        ClassicTestMember there = new ClassicTestMember(FakeKafka.builder().brokers(3).build(), GROUP);

        String first = here.client().ask(here.joinRequest()).memberId();
        String second = there.client().ask(there.joinRequest()).memberId();

        assertThat(first).isEqualTo(second);
    }

    @Test
    void onlyTheLeaderIsToldOfAll() {
        ClassicTestMember leader = member().becomeStable("all");
        ClassicTestMember other = member();

        var othersJoin = other.join();
        assertThat(othersJoin.isHere()).isFalse();
        assertThat(leader.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        JoinGroupResponse leaders = leader.joined(leader.join());
        JoinGroupResponse others = other.joined(othersJoin);

        assertThat(leaders.generationId()).isEqualTo(2);
        assertThat(leaders.members()).extracting(JoinGroupResponseMember::memberId).containsExactly(leader.id(), other.id());
        assertThat(others.generationId()).isEqualTo(2);
        assertThat(others.leader()).isEqualTo(leader.id());
        assertThat(others.members()).isEmpty();
    }

    @Test
    void theProtocolThatMostPreferAmongThoseOfAllIsSelected() {
        ClassicTestMember first = member().protocols("sticky", "range", "roundrobin").becomeStable("all");
        ClassicTestMember second = member().protocols("roundrobin", "range");
        ClassicTestMember third = member().protocols("range", "roundrobin");

        var secondJoin = second.join();
        var thirdJoin = third.join();
        JoinGroupResponse joined = first.joined(first.join());

        assertThat(secondJoin.isHere()).isTrue();
        assertThat(thirdJoin.isHere()).isTrue();
        assertThat(joined.protocolName()).isEqualTo("range");
        assertThat(joined.protocolType()).isEqualTo("consumer");
    }

    @Test
    void whoHasNoProtocolInCommonIsRefused() {
        member().protocols("range").becomeStable("all");
        ClassicTestMember stranger = member().protocols("sticky");
        JoinGroupRequest otherType = stranger.joinRequest().protocolType("connect");

        JoinGroupResponse refused = stranger.client().ask(stranger.joinRequest());
        JoinGroupResponse alsoRefused = stranger.client().ask(otherType);

        assertThat(refused.errorCode()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL.code());
        assertThat(alsoRefused.errorCode()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL.code());
    }

    @Test
    void aSessionTimeoutOutsideOfTheBoundsIsRefused() {
        ClassicTestMember hasty = member().sessionMillis(5_999);
        ClassicTestMember idle = member().sessionMillis(1_800_001);

        JoinGroupResponse tooShort = hasty.client().ask(hasty.joinRequest());
        JoinGroupResponse tooLong = idle.client().ask(idle.joinRequest());

        assertThat(tooShort.errorCode()).isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT.code());
        assertThat(tooLong.errorCode()).isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT.code());
    }

    @Test
    void anIdThatWasNeverGivenOutIsNotKnown() {
        ClassicTestMember early = member().memberId("made-up");
        JoinGroupResponse noGroup = early.client().ask(early.joinRequest());
        member().becomeStable("all");
        JoinGroupResponse noMember = early.client().ask(early.joinRequest());

        assertThat(noGroup.errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID.code());
        assertThat(noMember.errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID.code());
    }

    @Test
    void aFullGroupTakesNobodyElse() {
        FakeKafka small = FakeKafka.builder().groupMaxSize(1).build();
        new ClassicTestMember(small, GROUP).becomeStable("all");
        ClassicTestMember late = new ClassicTestMember(small, GROUP);

        JoinGroupResponse refused = late.client().ask(late.joinRequest());

        assertThat(refused.errorCode()).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED.code());
    }

    @Test
    void aGroupWithoutAnIdIsRefused() {
        ClassicTestMember member = member();

        JoinGroupResponse refused = member.client().ask(member.joinRequest().groupId(""));

        assertThat(refused.errorCode()).isEqualTo(ErrorCode.INVALID_GROUP_ID.code());
    }

    @Test
    void aFollowerThatJoinsUnchangedDisturbsNobody() {
        ClassicTestMember leader = member().becomeStable("all");
        ClassicTestMember follower = member();
        rebalance(leader, follower);

        JoinGroupResponse again = follower.join().get();

        assertThat(again.generationId()).isEqualTo(2);
        assertThat(group().state()).isEqualTo(ClassicState.STABLE);
    }

    @Test
    void aFollowerThatJoinsWithAnotherSubscriptionBeginsARebalance() {
        ClassicTestMember leader = member().becomeStable("all");
        ClassicTestMember follower = member();
        rebalance(leader, follower);

        var again = follower.topics("orders", "returns").join();

        assertThat(again.isHere()).isFalse();
        assertThat(leader.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void aLeaderThatJoinsBeginsARebalance() {
        ClassicTestMember leader = member().becomeStable("all");

        JoinGroupResponse again = leader.join().get();

        assertThat(again.generationId()).isEqualTo(2);
    }

    @Test
    void anEmptyGroupWaitsForMoreMembersIfItIsToldTo() {
        FakeKafka patient = FakeKafka.builder().initialRebalanceDelay(Duration.ofSeconds(3)).build();
        ClassicTestMember first = new ClassicTestMember(patient, GROUP);
        ClassicTestMember second = new ClassicTestMember(patient, GROUP);

        var firstJoin = first.join();
        patient.advanceTo(Duration.ofMillis(2_999).toNanos());
        var secondJoin = second.join();
        patient.advanceTo(Duration.ofMillis(5_999).toNanos());
        boolean early = firstJoin.isHere() || secondJoin.isHere();
        patient.advanceTo(Duration.ofSeconds(6).toNanos());

        assertThat(early).isFalse();
        assertThat(firstJoin.get().generationId()).isEqualTo(1);
        assertThat(secondJoin.get().generationId()).isEqualTo(1);
    }

    @Test
    void whoDoesNotJoinAgainWithinTheRebalanceTimeoutIsDropped() {
        ClassicTestMember slow = member().sessionMillis(60_000).becomeStable("all");
        ClassicTestMember quick = member();

        var quickJoin = quick.join();
        pass(ClassicTestMember.REBALANCE_MILLIS - 1);
        boolean early = quickJoin.isHere();
        pass(1);

        assertThat(early).isFalse();
        assertThat(quick.joined(quickJoin).members()).extracting(JoinGroupResponseMember::memberId).containsExactly(quick.id());
        assertThat(slow.heartbeat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    // ---- assignments

    @Test
    void assignmentsAreHandedOutWhenTheLeaderHasBroughtThem() {
        ClassicTestMember leader = member().becomeStable("all");
        ClassicTestMember follower = member();
        var join = follower.join();
        leader.joined(leader.join());
        follower.joined(join);

        var followers = follower.sync();
        boolean early = followers.isHere();
        SyncGroupResponse leaders = leader.sync(Map.of(leader.id(), "even", follower.id(), "odd")).get();

        assertThat(early).isFalse();
        assertThat(new String(leaders.assignment(), StandardCharsets.UTF_8)).isEqualTo("even");
        assertThat(new String(followers.get().assignment(), StandardCharsets.UTF_8)).isEqualTo("odd");
        assertThat(followers.get().protocolName()).isEqualTo("range");
        assertThat(group().state()).isEqualTo(ClassicState.STABLE);
    }

    @Test
    void aRebalanceEndsTheWaitForAssignments() {
        ClassicTestMember leader = member().becomeStable("all");
        ClassicTestMember follower = member();
        var join = follower.join();
        leader.joined(leader.join());
        follower.joined(join);
        var followers = follower.sync();

        member().join();

        assertThat(followers.get().errorCode()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS.code());
        assertThat(leader.sync().get().errorCode()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS.code());
    }

    @Test
    void aStableGroupTellsAnAssignmentAgain() {
        ClassicTestMember member = member().becomeStable("all");

        SyncGroupResponse again = member.sync().get();

        assertThat(new String(again.assignment(), StandardCharsets.UTF_8)).isEqualTo("all");
    }

    @Test
    void aSyncMustNameTheProtocolOfTheGroup() {
        ClassicTestMember member = member().becomeStable("all");

        SyncGroupResponse otherName = member.client().ask(member.syncRequest().protocolName("sticky"), 5);
        SyncGroupResponse otherType = member.client().ask(member.syncRequest().protocolType("connect"), 5);
        SyncGroupResponse none = member.client().ask(member.syncRequest().protocolName(null), 5);
        SyncGroupResponse older = member.client().ask(member.syncRequest().protocolName(null).protocolType(null), 4);

        assertThat(otherName.errorCode()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL.code());
        assertThat(otherType.errorCode()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL.code());
        assertThat(none.errorCode()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL.code());
        assertThat(older.errorCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void anotherGenerationGetsNoAssignment(int version) {
        ClassicTestMember member = member().becomeStable("all");

        SyncGroupRequest late = member.syncRequest().generationId(7);

        assertThat(member.client().ask(late, version).errorCode()).isEqualTo(ErrorCode.ILLEGAL_GENERATION.code());
    }

    @Test
    void whoNeverAsksForTheAssignmentIsDropped() {
        ClassicTestMember leader = member().sessionMillis(120_000).becomeStable("all");
        ClassicTestMember silent = member().sessionMillis(120_000);
        var join = silent.join();
        leader.joined(leader.join());
        silent.joined(join);
        leader.sync(Map.of(leader.id(), "all"));

        pass(ClassicTestMember.REBALANCE_MILLIS);

        assertThat(silent.heartbeat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(leader.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    // ---- the parts

    private static void rebalance(ClassicTestMember leader, ClassicTestMember follower) {
        var join = follower.join();
        leader.joined(leader.join());
        follower.joined(join);
        var followers = follower.sync();
        leader.sync(Map.of(leader.id(), "even", follower.id(), "odd"));
        assertThat(followers.get().errorCode()).isZero();
    }
}
