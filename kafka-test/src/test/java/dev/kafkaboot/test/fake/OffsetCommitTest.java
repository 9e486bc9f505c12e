package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetCommitResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may commit offsets, and what becomes of them. */
class OffsetCommitTest {

    private static final String GROUP = "billing";
    private static final Map<Integer, Long> FIRST = Map.of(0, 42L);

    private final FakeKafka cluster = FakeKafka.builder().brokers(3).build();
    private final TestClient client = TestClient.ofCoordinator(cluster, GROUP, "client");

    @BeforeEach
    void createTopic() {
        cluster.createTopic("orders", 2);
    }

    private OptionalLong committed(int partition) {
        CommittedOffset offset = cluster.groupCoordinator().offsets().find(GROUP, new OffsetKey("orders", partition));
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset.offset());
    }

    private static ErrorCode errorOf(OffsetCommitResponse response) {
        return ErrorCode.forCode(response.topics().get(0).partitions().get(0).errorCode());
    }

    private void pass(Duration time) {
        cluster.advanceTo(cluster.nowNanos() + time.toNanos());
    }

    private ClassicTestMember stableMember() {
        return new ClassicTestMember(cluster, GROUP).becomeStable("all");
    }

    private static OffsetCommitRequest by(ClassicTestMember member) {
        return OffsetRequests.commit(GROUP, "orders", FIRST).memberId(member.id()).generationIdOrMemberEpoch(member.generation());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9})
    void anybodyMayCommitForAGroupWithoutMembers(int version) {
        OffsetCommitResponse response = client.ask(OffsetRequests.commit(GROUP, "orders", Map.of(0, 42L, 1, 7L)), version);

        assertThat(response.topics().get(0).name()).isEqualTo("orders");
        assertThat(response.topics().get(0).partitions()).allSatisfy(each -> assertThat(each.errorCode()).isZero());
        assertThat(committed(0)).hasValue(42);
        assertThat(committed(1)).hasValue(7);
    }

    @Test
    void topicsGoByIdFromVersionTen() {
        Uuid id = Objects.requireNonNull(cluster.topics().find("orders")).id();

        OffsetCommitResponse known = client.ask(OffsetRequests.commit(GROUP, id, FIRST), 10);
        OffsetCommitResponse unknown = client.ask(OffsetRequests.commit(GROUP, new Uuid(1, 2), FIRST), 10);

        assertThat(errorOf(known)).isEqualTo(ErrorCode.NONE);
        assertThat(known.topics().get(0).topicId()).isEqualTo(id);
        assertThat(committed(0)).hasValue(42);
        assertThat(errorOf(unknown)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Test
    void partitionsThatAreNotThereAreRefused() {
        OffsetCommitResponse noTopic = client.ask(OffsetRequests.commit(GROUP, "nothing", FIRST), 8);
        OffsetCommitResponse noPartition = client.ask(OffsetRequests.commit(GROUP, "orders", Map.of(2, 1L)), 8);

        assertThat(errorOf(noTopic)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errorOf(noPartition)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void whatIsWrittenBesideAnOffsetMayNotBeTooLong() {
        OffsetCommitRequest fits = OffsetRequests.commit(GROUP, "orders", FIRST);
        fits.topics().get(0).partitions().get(0).committedMetadata("x".repeat(4096)).committedLeaderEpoch(3);
        OffsetCommitRequest tooLong = OffsetRequests.commit(GROUP, "orders", Map.of(1, 1L));
        tooLong.topics().get(0).partitions().get(0).committedMetadata("x".repeat(4097));

        OffsetCommitResponse first = client.ask(fits, 8);
        OffsetCommitResponse second = client.ask(tooLong, 8);

        assertThat(errorOf(first)).isEqualTo(ErrorCode.NONE);
        assertThat(errorOf(second)).isEqualTo(ErrorCode.OFFSET_METADATA_TOO_LARGE);
        assertThat(committed(1)).isEmpty();
    }

    @Test
    void aMemberCommitsInItsGeneration() {
        ClassicTestMember member = stableMember();

        assertThat(errorOf(member.client().ask(by(member), 8))).isEqualTo(ErrorCode.NONE);
        assertThat(errorOf(member.client().ask(by(member).generationIdOrMemberEpoch(7), 8))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(errorOf(member.client().ask(by(member).memberId("stranger"), 8))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(errorOf(member.client().ask(by(member).groupInstanceId("node-1"), 8))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aStaticMemberThatWasReplacedMayNotCommit() {
        ClassicTestMember before = new ClassicTestMember(cluster, GROUP).instance("node-1").becomeStable("all");
        ClassicTestMember after = new ClassicTestMember(cluster, GROUP).instance("node-1");
        after.joined(after.join());

        assertThat(errorOf(client.ask(by(before).groupInstanceId("node-1"), 8))).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(errorOf(client.ask(by(after).groupInstanceId("node-1"), 8))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void nobodyFromOutsideCommitsForAGroupWithMembers() {
        stableMember();

        OffsetCommitResponse response = client.ask(OffsetRequests.commit(GROUP, "orders", FIRST), 8);

        assertThat(errorOf(response)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(committed(0)).isEmpty();
    }

    @Test
    void commitsAreWelcomeWhileMembersJoinButNotWhileTheyAwaitAssignments() {
        ClassicTestMember member = stableMember();
        ClassicTestMember newcomer = new ClassicTestMember(cluster, GROUP);
        newcomer.join();

        ErrorCode joining = errorOf(member.client().ask(by(member), 8));
        member.joined(member.join());
        ErrorCode assigning = errorOf(member.client().ask(by(member), 8));

        assertThat(joining).isEqualTo(ErrorCode.NONE);
        assertThat(assigning).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void aCommitProlongsTheSession() {
        ClassicTestMember member = stableMember();

        pass(Duration.ofMillis(ClassicTestMember.SESSION_MILLIS - 1));
        member.client().ask(by(member), 8);
        pass(Duration.ofMillis(ClassicTestMember.SESSION_MILLIS - 1));

        assertThat(member.heartbeat()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aGenerationOfAGroupThatIsNotThereIsRefused() {
        OffsetCommitRequest request = OffsetRequests.commit(GROUP, "orders", FIRST).memberId("m").generationIdOrMemberEpoch(3);

        assertThat(errorOf(client.ask(request, 8))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(errorOf(client.ask(request, 9))).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void offsetsOfADeletedTopicAreForgotten() {
        client.ask(OffsetRequests.commit(GROUP, "orders", FIRST), 8);

        cluster.deleteTopic("orders");
        cluster.createTopic("orders", 2);

        assertThat(committed(0)).isEmpty();
    }

    @Test
    void offsetsOfAnEmptyGroupAreForgottenAfterSevenDays() {
        client.ask(OffsetRequests.commit(GROUP, "orders", FIRST), 8);

        pass(Duration.ofDays(7).minusMinutes(1));
        String before = stateOf(cluster.groupCoordinator().all());
        pass(Duration.ofMinutes(11));
        String after = stateOf(cluster.groupCoordinator().all());

        assertThat(before).isEqualTo("Empty");
        assertThat(after).isEqualTo("none");
        assertThat(committed(0)).isEmpty();
    }

    @Test
    void anOlderClientSaysHowLongItsOffsetsAreKept() {
        client.ask(OffsetRequests.commit(GROUP, "orders", FIRST).retentionTimeMs(Duration.ofHours(1).toMillis()), 4);

        pass(Duration.ofMinutes(59));
        cluster.groupCoordinator().all();
        OptionalLong before = committed(0);
        pass(Duration.ofMinutes(11));
        cluster.groupCoordinator().all();

        assertThat(before).hasValue(42);
        assertThat(committed(0)).isEmpty();
    }

    @Test
    void offsetsOfATopicThatIsReadAreKept() {
        ClassicTestMember member = new ClassicTestMember(cluster, GROUP).sessionMillis(1_800_000).becomeStable("all");
        member.client().ask(by(member), 8);

        for (int i = 0; i < 24 * 8; i++) {
            pass(Duration.ofMinutes(29));
            member.heartbeat();
            pass(Duration.ofMinutes(29));
            member.heartbeat();
        }

        assertThat(committed(0)).hasValue(42);
    }

    private static String stateOf(Collection<Group> groups) {
        return groups.stream().map(Group::stateName).findFirst().orElse("none");
    }
}
