package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.DeleteGroupsRequest;
import dev.kafkaboot.protocol.message.DescribeGroupsRequest;
import dev.kafkaboot.protocol.message.DescribeGroupsResponse.DescribedGroup;
import dev.kafkaboot.protocol.message.ListGroupsRequest;
import dev.kafkaboot.protocol.message.ListGroupsResponse;
import dev.kafkaboot.protocol.message.ListGroupsResponse.ListedGroup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups as an administrator sees them. */
class GroupAdminTest {

    private final FakeKafka cluster = FakeKafka.builder().build();
    private final TestClient client = new TestClient(cluster, 1, "admin");

    private void commit(String group) {
        if (cluster.topics().find("orders") == null) {
            cluster.createTopic("orders");
        }
        client.ask(OffsetRequests.commit(group, "orders", Map.of(0, 1L)), 8);
    }

    private DescribedGroup describe(String group, int version) {
        return client.ask(new DescribeGroupsRequest().groups(List.of(group)), version).groups().get(0);
    }

    private ErrorCode delete(String group) {
        return ErrorCode.forCode(client.ask(new DeleteGroupsRequest().groupsNames(List.of(group)), 2).results().get(0).errorCode());
    }

    @Test
    void groupsAreListedWithTheirStatesAndTypes() {
        new ClassicTestMember(cluster, "billing").becomeStable("all");
        commit("simple");

        ListGroupsResponse response = client.ask(new ListGroupsRequest());

        assertThat(response.groups())
                .extracting(group -> group.groupId() + "/" + group.protocolType() + "/" + group.groupState() + "/" + group.groupType())
                .containsExactly("billing/consumer/Stable/classic", "simple//Empty/classic");
    }

    @Test
    void onlySomeGroupsAreListedIfAskedSo() {
        new ClassicTestMember(cluster, "billing").becomeStable("all");
        commit("simple");

        ListGroupsResponse stable = client.ask(new ListGroupsRequest().statesFilter(List.of("stable", "Dead")), 4);
        ListGroupsResponse consumer = client.ask(new ListGroupsRequest().typesFilter(List.of("consumer")), 5);
        ListGroupsResponse classic = client.ask(new ListGroupsRequest().typesFilter(List.of("Classic")), 5);

        assertThat(stable.groups()).extracting(ListedGroup::groupId).containsExactly("billing");
        assertThat(consumer.groups()).isEmpty();
        assertThat(classic.groups()).hasSize(2);
    }

    @Test
    void eachBrokerListsTheGroupsThatItCoordinates() {
        FakeKafka three = FakeKafka.builder().brokers(3).build();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            new ClassicTestMember(three, "group-" + i).becomeStable("all");
            made.add("group-" + i);
        }

        List<String> listed = new ArrayList<>();
        for (int broker = 1; broker <= 3; broker++) {
            List<ListedGroup> part = new TestClient(three, broker, "admin").ask(new ListGroupsRequest()).groups();
            assertThat(part).isNotEmpty();
            part.forEach(group -> listed.add(group.groupId()));
        }

        assertThat(listed).containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void aBrokerThatLoadsListsNothing() {
        FakeKafka slow = FakeKafka.builder().brokers(2).coordinatorLoad(Duration.ofSeconds(1)).build();
        new ClassicTestMember(slow, "billing").becomeStable("all");
        int coordinator = slow.group("billing").moveCoordinator();

        ListGroupsResponse response = new TestClient(slow, coordinator, "admin").ask(new ListGroupsRequest());

        assertThat(response.errorCode()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void aStableGroupIsDescribedWithItsAssignments(int version) {
        ClassicTestMember member = new ClassicTestMember(cluster, "billing").instance("node-1").becomeStable("all");

        DescribedGroup group = describe("billing", version);

        assertThat(group.groupState()).isEqualTo("Stable");
        assertThat(group.protocolType()).isEqualTo("consumer");
        assertThat(group.protocolData()).isEqualTo("range");
        assertThat(group.members()).singleElement().satisfies(described -> {
            assertThat(described.memberId()).isEqualTo(member.id());
            assertThat(described.clientId()).isEqualTo("client");
            assertThat(described.groupInstanceId()).isEqualTo(version >= 4 ? "node-1" : null);
            assertThat(new String(described.memberAssignment(), StandardCharsets.UTF_8)).isEqualTo("all");
            assertThat(described.memberMetadata()).isNotEmpty();
        });
    }

    @Test
    void assignmentsAreNotToldDuringARebalance() {
        ClassicTestMember member = new ClassicTestMember(cluster, "billing");
        member.joined(member.join());

        DescribedGroup group = describe("billing", 5);

        assertThat(group.groupState()).isEqualTo("CompletingRebalance");
        assertThat(group.protocolData()).isEmpty();
        assertThat(group.members()).singleElement().satisfies(described -> assertThat(described.memberMetadata()).isEmpty());
    }

    @Test
    void aGroupThatIsNotThereWasOnceDeadAndIsNowAnError() {
        DescribedGroup older = describe("nothing", 5);
        DescribedGroup newer = describe("nothing", 6);

        assertThat(older.groupState()).isEqualTo("Dead");
        assertThat(older.errorCode()).isZero();
        assertThat(newer.errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void onlyEmptyGroupsAreDeleted() {
        ClassicTestMember member = new ClassicTestMember(cluster, "billing").becomeStable("all");
        commit("simple");

        assertThat(delete("billing")).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        assertThat(delete("nothing")).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(delete("simple")).isEqualTo(ErrorCode.NONE);
        member.leave();
        assertThat(delete("billing")).isEqualTo(ErrorCode.NONE);
        assertThat(client.ask(new ListGroupsRequest()).groups()).isEmpty();
        assertThat(cluster.groupCoordinator().offsets().all("simple")).isEmpty();
    }
}
