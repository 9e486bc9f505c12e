package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ConsumerGroupDescribeRequest;
import dev.kafkaboot.protocol.message.ConsumerGroupDescribeResponse.DescribedGroup;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatResponse;
import dev.kafkaboot.protocol.message.CreateTopicsRequest;
import dev.kafkaboot.protocol.message.CreateTopicsRequest.CreatableTopic;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Consumer groups: how partitions go from one member to another (KIP-848). */
class ConsumerGroupTest {

    private static final String GROUP = "billing";

    private final FakeKafka cluster = FakeKafka.builder().brokers(3).build();

    @BeforeEach
    void createTopic() {
        cluster.createTopic("orders", 4);
    }

    private ConsumerTestMember member(String id) {
        return new ConsumerTestMember(cluster, GROUP, id);
    }

    private DescribedGroup describe() {
        return TestClient.ofCoordinator(cluster, GROUP, "admin")
                .ask(new ConsumerGroupDescribeRequest().groupIds(List.of(GROUP)))
                .groups()
                .get(0);
    }

    private void pass(long millis) {
        cluster.advanceTo(cluster.nowNanos() + Duration.ofMillis(millis).toNanos());
    }

    // ---- sharing

    @Test
    void theFirstMemberGetsEverything() {
        ConsumerTestMember a = member("a");

        ConsumerGroupHeartbeatResponse joined = a.client().ask(a.joinRequest());

        assertThat(joined.errorCode()).isZero();
        assertThat(joined.memberId()).isEqualTo("a");
        assertThat(joined.memberEpoch()).isEqualTo(2);
        assertThat(joined.heartbeatIntervalMs()).isEqualTo(5_000);
        assertThat(Objects.requireNonNull(joined.assignment()).topicPartitions())
                .singleElement()
                .satisfies(topic -> assertThat(topic.partitions()).containsExactly(0, 1, 2, 3));
    }

    @Test
    void aPartitionIsGivenOnlyWhenItsOwnerHasLetGo() {
        ConsumerTestMember a = member("a").join();
        ConsumerTestMember b = member("b").join();
        List<Integer> ofB = new ArrayList<>();
        ofB.add(b.owned().size());

        a.heartbeat(); // is told to let go, and does
        b.heartbeat(); // but has not said so yet
        ofB.add(b.owned().size());
        String reconciling = describe().groupState();
        a.heartbeat(); // says so
        b.heartbeat();
        ofB.add(b.owned().size());

        assertThat(ofB).containsExactly(0, 0, 2);
        assertThat(reconciling).isEqualTo("Reconciling");
        assertThat(a.owned()).hasSize(2).doesNotContainAnyElementsOf(b.owned());
        assertThat(describe().groupState()).isEqualTo("Stable");
    }

    @Test
    void theMemberThatLetsGoStaysInItsEpochUntilItHas() {
        ConsumerTestMember a = member("a").join();
        ConsumerTestMember b = member("b").join();

        a.heartbeat();
        int during = a.epoch();
        a.heartbeat();
        int after = a.epoch();

        assertThat(during).isEqualTo(2);
        assertThat(after).isEqualTo(3);
        assertThat(b.epoch()).isEqualTo(3);
    }

    @Test
    void whatALeaverHadIsSharedOut() {
        ConsumerTestMember a = member("a").join();
        ConsumerTestMember b = member("b").join();
        a.settle();
        b.settle();

        ErrorCode left = b.leave(-1);
        a.settle();

        assertThat(left).isEqualTo(ErrorCode.NONE);
        assertThat(a.owned()).containsExactly("orders-0", "orders-1", "orders-2", "orders-3");
        assertThat(b.heartbeatError()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void newPartitionsAndTopicsAreNoticed() {
        ConsumerTestMember a = member("a").topics("orders", "returns").join();

        client().ask(new CreateTopicsRequest().topics(List.of(
                new CreatableTopic().name("returns").numPartitions(1).replicationFactor((short) 1))));
        a.settle();

        assertThat(a.owned()).contains("returns-0").hasSize(5);
        assertThat(a.epoch()).isEqualTo(3);
    }

    @Test
    void aTopicThatIsMadeAgainIsAnotherOne() {
        ConsumerTestMember a = member("a").join();

        cluster.deleteTopic("orders");
        cluster.createTopic("orders", 2);
        a.settle();

        assertThat(a.owned()).containsExactly("orders-0", "orders-1");
    }

    private TestClient client() {
        return new TestClient(cluster, 1, "client");
    }

    @Test
    void aHeartbeatThatBringsNothingNewBringsNoAssignment() {
        ConsumerTestMember a = member("a").join();

        ConsumerGroupHeartbeatResponse idle = a.client().ask(a.heartbeatRequest());

        assertThat(idle.assignment()).isNull();
        assertThat(idle.memberEpoch()).isEqualTo(2);
    }

    @Test
    void anotherSubscriptionChangesTheShares() {
        cluster.createTopic("returns", 2);
        ConsumerTestMember a = member("a").join();

        a.resubscribe("returns");
        int during = a.epoch();
        a.settle();

        assertThat(during).isEqualTo(2);
        assertThat(a.owned()).containsExactly("returns-0", "returns-1");
        assertThat(a.epoch()).isEqualTo(3);
    }

    // ---- subscriptions by expression

    @Test
    void anExpressionIsMatchedWithWholeNames() {
        cluster.createTopic("orders.eu", 1);
        cluster.createTopic("my-orders", 1);

        ConsumerTestMember a = member("a").regex("orders(\\..*)?").join();

        assertThat(a.owned()).containsExactly("orders-0", "orders-1", "orders-2", "orders-3", "orders.eu-0");
    }

    @Test
    void topicsThatComeLaterAreMatchedToo() {
        ConsumerTestMember a = member("a").regex("orders.*").join();

        cluster.createTopic("orders.us", 1);
        a.settle();

        assertThat(a.owned()).contains("orders.us-0");
    }

    @Test
    void anExpressionBeyondRe2IsRefused() {
        for (String expression : List.of("orders(", "(?!x)orders", "(o)rders\\1", "(?<=x)y", "a++")) {
            ConsumerTestMember a = member("a").regex(expression);

            ConsumerGroupHeartbeatResponse refused = a.client().ask(a.joinRequest());

            assertThat(ErrorCode.forCode(refused.errorCode())).as(expression).isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION);
        }
    }

    // ---- assignors

    @Test
    void theAssignorThatMostWishForIsTaken() {
        cluster.createTopic("returns", 4);
        ConsumerTestMember a = member("a").topics("orders", "returns").assignor("range").join();
        ConsumerTestMember b = member("b").topics("orders", "returns").assignor("range").join();
        a.settle();
        b.settle();
        a.settle();

        assertThat(describe().assignorName()).isEqualTo("range");
        assertThat(a.owned()).containsExactly("orders-0", "orders-1", "returns-0", "returns-1");
        assertThat(b.owned()).containsExactly("orders-2", "orders-3", "returns-2", "returns-3");
    }

    @Test
    void anAssignorThatIsNotKnownIsRefused() {
        ConsumerTestMember a = member("a").assignor("sticky");

        ConsumerGroupHeartbeatResponse refused = a.client().ask(a.joinRequest());

        assertThat(ErrorCode.forCode(refused.errorCode())).isEqualTo(ErrorCode.UNSUPPORTED_ASSIGNOR);
        assertThat(refused.errorMessage()).contains("uniform", "range");
    }

    // ---- epochs and time-outs

    @Test
    void aWrongEpochIsFenced() {
        ConsumerTestMember a = member("a").join();

        assertThat(a.epoch(7).heartbeatError()).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        assertThat(member("b").epoch(1).heartbeatError()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(new ConsumerTestMember(cluster, "other", "a").epoch(1).heartbeatError()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void aMemberThatMissedAnAnswerIsNotFenced() {
        ConsumerTestMember a = member("a").join();
        ConsumerTestMember b = member("b").join();
        a.heartbeat();
        a.client().ask(a.heartbeatRequest()); // brings epoch 2, but a does not hear of it

        ErrorCode again = a.heartbeatError();
        ErrorCode without = ErrorCode.forCode(a.client().ask(a.heartbeatRequest().topicPartitions(null)).errorCode());

        assertThat(a.epoch()).isEqualTo(2);
        assertThat(again).isEqualTo(ErrorCode.NONE);
        assertThat(without).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        assertThat(b.heartbeatError()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aFencedMemberJoinsAgain() {
        ConsumerTestMember a = member("a").join();

        a.join();

        assertThat(a.owned()).hasSize(4);
        assertThat(describe().members()).hasSize(1);
    }

    @Test
    void silenceEndsTheSession() {
        ConsumerTestMember a = member("a").join();
        ConsumerTestMember b = member("b").join();
        a.settle();
        b.settle();

        pass(44_999);
        a.heartbeat();
        pass(1);
        a.settle();

        assertThat(a.owned()).hasSize(4);
        assertThat(b.heartbeatError()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void whoDoesNotLetGoWithinItsRebalanceTimeoutIsTakenOut() {
        ConsumerTestMember a = member("a").join();
        ConsumerTestMember b = member("b").join();
        ConsumerGroupHeartbeatResponse told = a.client().ask(a.heartbeatRequest());
        assertThat(told.assignment()).isNotNull();

        pass(ConsumerTestMember.REBALANCE_MILLIS - 1);
        ErrorCode before = a.heartbeatError(); // still says that it has everything
        pass(1);
        b.settle();

        assertThat(before).isEqualTo(ErrorCode.NONE);
        assertThat(a.heartbeatError()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(b.owned()).hasSize(4);
    }

    @Test
    void groupsHaveTimesOfTheirOwnIfTheyAreConfigured() {
        var config = new AlterableConfig().name("consumer.heartbeat.interval.ms").value("7000");
        var resource = new AlterConfigsResource()
                .resourceType((byte) 32)
                .resourceName(GROUP)
                .configs(List.of(config));
        client().ask(new IncrementalAlterConfigsRequest().resources(List.of(resource)));
        ConsumerTestMember a = member("a");

        assertThat(a.client().ask(a.joinRequest()).heartbeatIntervalMs()).isEqualTo(7_000);
    }

    @Test
    void whoJoinsTellsEverything() {
        ConsumerTestMember a = member("a");

        List<ErrorCode> errors = new ArrayList<>();
        errors.add(ErrorCode.forCode(a.client().ask(a.joinRequest().rebalanceTimeoutMs(-1)).errorCode()));
        errors.add(ErrorCode.forCode(a.client().ask(a.joinRequest().topicPartitions(null)).errorCode()));
        errors.add(ErrorCode.forCode(a.client().ask(a.joinRequest().subscribedTopicNames(null)).errorCode()));
        errors.add(ErrorCode.forCode(a.client().ask(a.joinRequest().memberId("")).errorCode()));
        errors.add(ErrorCode.forCode(a.client().ask(a.joinRequest().groupId("")).errorCode()));
        errors.add(ErrorCode.forCode(a.client().ask(a.joinRequest().memberEpoch(-2)).errorCode()));
        errors.add(ErrorCode.forCode(a.client().ask(a.joinRequest().memberEpoch(-3)).errorCode()));

        assertThat(errors).containsOnly(ErrorCode.INVALID_REQUEST).hasSize(7);
    }

    @Test
    void anOlderMemberGetsItsIdFromTheCoordinator() {
        ConsumerTestMember a = member("");

        ConsumerGroupHeartbeatResponse joined = a.client().ask(a.joinRequest(), 0);

        assertThat(joined.errorCode()).isZero();
        assertThat(joined.memberId()).hasSize(22);
    }

    @Test
    void aFullGroupTakesNobodyElse() {
        FakeKafka small = FakeKafka.builder().groupMaxSize(1).build();
        small.createTopic("orders");
        new ConsumerTestMember(small, GROUP, "a").join();
        ConsumerTestMember b = new ConsumerTestMember(small, GROUP, "b");

        assertThat(b.client().ask(b.joinRequest()).errorCode()).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED.code());
    }

    @Test
    void theGroupSurvivesItsCoordinator() {
        ConsumerTestMember a = member("a").join();
        int partition = cluster.coordinators().partitionOf(CoordinatorType.GROUP, GROUP).index();
        int old = cluster.leaderOf("__consumer_offsets", partition);

        cluster.moveLeader("__consumer_offsets", partition, old % 3 + 1);
        ErrorCode elsewhere = a.heartbeatError();
        pass(44_999);
        a.via(TestClient.ofCoordinator(cluster, GROUP, "client"));

        assertThat(elsewhere).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(a.heartbeatError()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aGroupIsDescribed() {
        ConsumerTestMember a = member("a").join();
        member("b").join();
        a.heartbeat();

        DescribedGroup group = describe();

        assertThat(group.groupEpoch()).isEqualTo(3);
        assertThat(group.assignmentEpoch()).isEqualTo(3);
        assertThat(group.assignorName()).isEqualTo("uniform");
        assertThat(group.members()).hasSize(2);
        assertThat(group.members().get(0)).satisfies(first -> {
            assertThat(first.memberId()).isEqualTo("a");
            assertThat(first.memberEpoch()).isEqualTo(2);
            assertThat(first.subscribedTopicNames()).containsExactly("orders");
            assertThat(first.assignment().topicPartitions().get(0).topicName()).isEqualTo("orders");
            assertThat(first.assignment().topicPartitions().get(0).partitions()).hasSize(4);
            assertThat(first.memberType()).isEqualTo((byte) 1);
        });
        assertThat(group.members().get(1).assignment().topicPartitions()).isEmpty();
        assertThat(group.members().get(1).targetAssignment().topicPartitions().get(0).partitions()).hasSize(2);
    }
}
