package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kafkaboot.protocol.ConsumerProtocol;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ConsumerProtocolAssignment;
import dev.kafkaboot.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a test can see of a group, and do to it. */
class FakeGroupTest {

    private static final String GROUP = "billing";

    private final FakeKafka cluster = FakeKafka.builder().brokers(3).build();
    private final FakeGroup group = cluster.group(GROUP);

    @Test
    void aGroupThatIsNotThereIsDead() {
        assertThat(group.exists()).isFalse();
        assertThat(group.state()).isEqualTo("Dead");
        assertThat(group.members()).isEmpty();
        assertThat(group.committed()).isEmpty();
        assertThat(cluster.groups()).isEmpty();
    }

    @Test
    void membersAreShownWithTheirPartitions() {
        ClassicTestMember member = new ClassicTestMember(cluster, GROUP).instance("node-1");
        member.joined(member.join());
        var orders = new ConsumerProtocolAssignment.TopicPartition().topic("orders").partitions(List.of(0, 2));
        byte[] assignment = ConsumerProtocol.encode(new ConsumerProtocolAssignment().assignedPartitions(List.of(orders)));
        member.client()
                .ask(member.syncRequest().assignments(List.of(new SyncGroupRequestAssignment().memberId(member.id()).assignment(assignment))));

        assertThat(group.type()).isEqualTo("classic");
        assertThat(group.state()).isEqualTo("Stable");
        assertThat(group.generation()).isEqualTo(1);
        assertThat(group.members()).containsExactly(new FakeGroupMember(member.id(), "node-1", "client", Map.of("orders", List.of(0, 2))));
    }

    @Test
    void whatMembersSayInTheirOwnWaysIsNotShown() {
        ClassicTestMember member = new ClassicTestMember(cluster, GROUP).becomeStable("x");

        assertThat(group.members()).containsExactly(new FakeGroupMember(member.id(), null, "client", Map.of()));
    }

    @Test
    void membersOfTheNewerProtocolAreShownAlike() {
        cluster.createTopic("orders", 2);
        new ConsumerTestMember(cluster, GROUP, "a").join();

        assertThat(group.type()).isEqualTo("consumer");
        assertThat(group.generation()).isEqualTo(2);
        assertThat(group.members()).containsExactly(new FakeGroupMember("a", null, "client", Map.of("orders", List.of(0, 1))));
    }

    @Test
    void offsetsAreCommittedAndShown() {
        group.commit("orders", 1, 42);
        group.commit("returns", 0, 7);

        assertThat(group.committed("orders", 1)).hasValue(42);
        assertThat(group.committed("orders", 0)).isEmpty();
        assertThat(group.committed()).isEqualTo(Map.of("orders", Map.of(1, 42L), "returns", Map.of(0, 7L)));
        assertThat(group.state()).isEqualTo("Empty");
    }

    @Test
    void aRebalanceIsBegun() {
        ClassicTestMember member = new ClassicTestMember(cluster, GROUP).becomeStable("x");
        cluster.createTopic("orders", 2);
        ConsumerTestMember newer = new ConsumerTestMember(cluster, "newer", "a").join();

        group.rebalance();
        cluster.group("newer").rebalance();
        cluster.group("nothing").rebalance();

        assertThat(member.heartbeat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(newer.settle().epoch()).isEqualTo(3);
    }

    @Test
    void aMemberIsTakenOut() {
        ClassicTestMember member = new ClassicTestMember(cluster, GROUP).becomeStable("x");
        cluster.createTopic("orders", 2);
        ConsumerTestMember newer = new ConsumerTestMember(cluster, "newer", "a").join();

        group.expire(member.id());
        cluster.group("newer").expire("a");

        assertThat(member.heartbeat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(newer.heartbeatError()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThatIllegalArgumentException().isThrownBy(() -> group.expire("stranger")).withMessageContaining("stranger");
        assertThatIllegalArgumentException().isThrownBy(() -> cluster.group("newer").expire("a"));
    }

    @Test
    void theCoordinatorIsMoved() {
        ClassicTestMember member = new ClassicTestMember(cluster, GROUP).becomeStable("x");
        int before = group.coordinatorId();

        int after = group.moveCoordinator();

        assertThat(after).isEqualTo(group.coordinatorId()).isNotEqualTo(before);
        assertThat(member.heartbeat()).isEqualTo(ErrorCode.NOT_COORDINATOR);
        group.moveCoordinator(before);
        assertThat(member.heartbeat()).isEqualTo(ErrorCode.NONE);
    }
}
