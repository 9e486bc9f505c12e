package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.ListGroupsRequest;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Offsets of consumer groups, and groups that change their type. */
class ConsumerGroupOffsetsTest {

    private static final String GROUP = "billing";

    private final FakeKafka cluster = FakeKafka.builder().build();
    private final TestClient client = new TestClient(cluster, 1, "client");

    @BeforeEach
    void createTopic() {
        cluster.createTopic("orders", 2);
    }

    private ConsumerTestMember member(String id) {
        return new ConsumerTestMember(cluster, GROUP, id);
    }

    private ErrorCode commit(String memberId, int epoch, int partition, int version) {
        OffsetCommitRequest request =
                OffsetRequests.commit(GROUP, "orders", Map.of(partition, 42L)).memberId(memberId).generationIdOrMemberEpoch(epoch);
        return ErrorCode.forCode(client.ask(request, version).topics().get(0).partitions().get(0).errorCode());
    }

    private ErrorCode fetch(String memberId, int epoch) {
        OffsetFetchRequestGroup group = OffsetRequests.of(GROUP, "orders", 0).memberId(memberId).memberEpoch(epoch);
        return ErrorCode.forCode(client.ask(new OffsetFetchRequest().groups(List.of(group)), 9).groups().get(0).errorCode());
    }

    @Test
    void aMemberCommitsInItsEpoch() {
        member("a").join();

        assertThat(commit("a", 2, 0, 9)).isEqualTo(ErrorCode.NONE);
        assertThat(commit("a", 3, 0, 9)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(commit("b", 2, 0, 9)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(commit("", -1, 0, 9)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(commit("a", 2, 0, 8)).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
    }

    @Test
    void anOlderEpochWillDoForWhatAMemberHasHadSinceThen() {
        ConsumerTestMember a = member("a").join();
        ConsumerTestMember b = member("b").join();
        a.settle();
        b.settle();
        String kept = a.owned().first();
        String given = b.owned().first();

        assertThat(a.epoch()).isEqualTo(3);
        assertThat(commit("a", 2, Integer.parseInt(kept.substring("orders-".length())), 9)).isEqualTo(ErrorCode.NONE);
        assertThat(commit("a", 2, Integer.parseInt(given.substring("orders-".length())), 9)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
    }

    @Test
    void whatIsToBeLetGoOfCanStillBeCommitted() {
        ConsumerTestMember a = member("a").join();
        member("b").join();
        a.heartbeat();

        assertThat(commit("a", 2, 1, 9)).isEqualTo(ErrorCode.NONE);
        assertThat(commit("a", 2, 1, 9)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aMemberReadsOffsetsInItsEpoch() {
        member("a").join();

        assertThat(fetch("a", 2)).isEqualTo(ErrorCode.NONE);
        assertThat(fetch("a", 1)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(fetch("b", 2)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aProducerLearnsOfAStaleEpochAsOfAnIllegalGeneration() {
        member("a").join();
        Committer stale = new Committer("a", null, 7, /* transactional= */ true, (short) 3, List.of(new OffsetKey("orders", 0)));

        assertThat(cluster.groupCoordinator().commits().check(GROUP, stale)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
    }

    @Test
    void anEmptyGroupChangesItsTypeAndKeepsItsOffsets() {
        ConsumerTestMember a = member("a").join();
        commit("a", 2, 0, 9);
        a.leave(-1);

        new ClassicTestMember(cluster, GROUP).becomeStable("all").leave();
        String between = client.ask(new ListGroupsRequest()).groups().get(0).groupType();
        member("b").join();
        String then = client.ask(new ListGroupsRequest()).groups().get(0).groupType();

        assertThat(between).isEqualTo("classic");
        assertThat(then).isEqualTo("consumer");
        assertThat(cluster.groupCoordinator().offsets().all(GROUP)).hasSize(1);
    }

    @Test
    void aGroupWithMembersKeepsItsTypeIfItMustNotGoOver() {
        FakeKafka strict = FakeKafka.builder().groupMigration(GroupMigration.DISABLED).build();
        strict.createTopic("orders", 2);
        new ConsumerTestMember(strict, GROUP, "a").join();
        ClassicTestMember classic = new ClassicTestMember(strict, GROUP);

        JoinGroupResponse refused = classic.client().ask(classic.joinRequest());

        assertThat(refused.errorCode()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL.code());
    }
}
