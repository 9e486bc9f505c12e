package dev.kafkaboot.client.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseBroker;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponsePartition;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetadataMergeTest {

    private static final short LATEST = 13;
    private static final Node SOURCE = new Node(1, "b1", 9092, "r1");
    private static final Uuid FIRST = new Uuid(1, 1);
    private static final Uuid SECOND = new Uuid(2, 2);
    private static final TopicPartition ZERO = new TopicPartition("orders", 0);

    private final MetadataMerge merge = new MetadataMerge();
    private final TopicInterest interest = new TopicInterest();

    @BeforeEach
    void orders() {
        interest.add("orders", /* autoCreate= */ false);
    }

    private static MetadataResponse response(MetadataResponseTopic... topics) {
        List<MetadataResponseBroker> brokers = new ArrayList<>();
        for (int id = 1; id <= 3; id++) {
            brokers.add(new MetadataResponseBroker().nodeId(id).host("b" + id).port(9092).rack("r" + id));
        }
        return new MetadataResponse().clusterId("c").controllerId(2).brokers(brokers).topics(List.of(topics));
    }

    private static MetadataResponseTopic orders(Uuid id, MetadataResponsePartition... partitions) {
        return new MetadataResponseTopic().name("orders").topicId(id).partitions(List.of(partitions));
    }

    private static MetadataResponseTopic missing(ErrorCode error) {
        return new MetadataResponseTopic().name("orders").errorCode(error.code());
    }

    private static MetadataResponsePartition partition(int index, int leader, int epoch) {
        return new MetadataResponsePartition().partitionIndex(index).leaderId(leader).leaderEpoch(epoch)
                .replicaNodes(List.of(1, 2, 9)).isrNodes(List.of(leader));
    }

    private ClusterSnapshot apply(ClusterSnapshot before, MetadataResponse response) {
        return apply(before, response, LATEST);
    }

    private ClusterSnapshot apply(ClusterSnapshot before, MetadataResponse response, short version) {
        return merge.apply(before, List.of(new MetadataRequests.Part(SOURCE, response, version, /* tellsAll= */ false)), interest);
    }

    private static TopicInfo topic(ClusterSnapshot snapshot) {
        TopicInfo topic = snapshot.topic("orders");
        assertThat(topic).isNotNull();
        return java.util.Objects.requireNonNull(topic);
    }

    private ClusterSnapshot known() {
        return apply(ClusterSnapshot.EMPTY, response(orders(FIRST, partition(0, 1, 5), partition(1, 2, 7))));
    }

    @Test
    void responseIsReadInFull() {
        ClusterSnapshot now = known();

        assertThat(now.clusterId()).isEqualTo("c");
        assertThat(now.controller()).isEqualTo(new Node(2, "b2", 9092, "r2"));
        assertThat(now.nodes()).hasSize(3);
        assertThat(topic(now)).isSameAs(now.topic(FIRST));
        assertThat(now.leader(ZERO)).extracting(Node::id).isEqualTo(1);
        assertThat(now.leaderEpoch(ZERO)).isEqualTo(5);
        assertThat(topic(now).partitions().get(0).replicas()).extracting(Node::id).containsExactly(1, 2, 9);
        assertThat(merge.leavesOpen(now, interest)).isFalse();
    }

    @Test
    void brokersAndTopicsAreToldInTheSameOrderInEachRun() {
        List<MetadataResponseBroker> brokers = new ArrayList<>();
        List<MetadataResponseTopic> topics = new ArrayList<>();
        for (int i = 40; i > 0; i--) {
            brokers.add(new MetadataResponseBroker().nodeId(1_000 * i).host("b").port(i));
            interest.add("t" + i, /* autoCreate= */ false);
            topics.add(new MetadataResponseTopic().name("t" + i).partitions(List.of(partition(0, 1_000, 1))));
        }

        ClusterSnapshot now = apply(ClusterSnapshot.EMPTY, new MetadataResponse().brokers(brokers).topics(topics));

        assertThat(now.nodes()).extracting(Node::id).hasSize(40).isSorted();
        assertThat(now.topics()).extracting(TopicInfo::name).hasSize(40).isSorted();
        assertThat(interest.names()).startsWith("orders", "t40", "t39");
    }

    @Test
    void leaderOfALowerEpochIsNotBelieved() {
        ClusterSnapshot now = apply(known(), response(orders(FIRST, partition(0, 3, 4), partition(1, 3, 8))));

        assertThat(now.leader(ZERO)).extracting(Node::id).isEqualTo(1);
        assertThat(now.leaderEpoch(ZERO)).isEqualTo(5);
        assertThat(topic(now).partitions().get(1).leaderEpoch()).isEqualTo(8);
    }

    private static MetadataResponse withoutBroker(int id, MetadataResponse response) {
        return response.brokers(response.brokers().stream().filter(broker -> broker.nodeId() != id).toList());
    }

    @Test
    void brokerThatAnAnswerLeavesOutWhichLagsBehindStaysAsLongAsWhatItLeadsIsBelieved() {
        ClusterSnapshot now = apply(known(), withoutBroker(1, response(orders(FIRST, partition(0, 3, 4), partition(1, 2, 7)))));

        assertThat(now.leader(ZERO)).extracting(Node::id).isEqualTo(1);
        assertThat(now.node(1)).isEqualTo(now.leader(ZERO));
        assertThat(merge.leavesOpen(now, interest)).as("whether it is gone is to be known soon").isTrue();
        assertThat(merge.leavesOpen(apply(now, response(orders(FIRST, partition(0, 1, 5), partition(1, 2, 7)))), interest)).isFalse();
    }

    @Test
    void brokerThatLeadsNothingAnyMoreIsGoneWhenAnAnswerLeavesItOut() {
        ClusterSnapshot now = apply(known(), withoutBroker(1, response(orders(FIRST, partition(0, 3, 6), partition(1, 2, 7)))));

        assertThat(now.node(1)).isNull();
        assertThat(merge.leavesOpen(now, interest)).isFalse();
    }

    @Test
    void epochsOfOldVersionsAreLeftOut() {
        ClusterSnapshot now = apply(ClusterSnapshot.EMPTY, response(orders(Uuid.ZERO, partition(0, 1, 5))), (short) 8);

        assertThat(now.leaderEpoch(ZERO)).isEqualTo(-1);
        assertThat(apply(known(), response(orders(FIRST, partition(0, 3, 1))), (short) 8).leader(ZERO)).extracting(Node::id).isEqualTo(3);
    }

    @Test
    void topicWithAnotherIdIsAnotherTopic() {
        ClusterSnapshot now = apply(known(), response(orders(SECOND, partition(0, 3, 0))));

        assertThat(topic(now).id()).isEqualTo(SECOND);
        assertThat(topic(now).partitions()).extracting(PartitionInfo::leaderEpoch).containsExactly(0);
        assertThat(now.topic(FIRST)).isNull();
    }

    @Test
    void anIdThatWasReplacedIsNotBelievedAgain() {
        ClusterSnapshot now = apply(known(), response(orders(SECOND, partition(0, 3, 0))));

        for (int i = 0; i < 5; i++) {
            now = apply(now, response(orders(FIRST, partition(0, 1, 5), partition(1, 2, 7))));

            assertThat(topic(now).id()).isEqualTo(SECOND);
            assertThat(topic(now).partitions()).extracting(PartitionInfo::leaderEpoch).containsExactly(0);
            assertThat(merge.leavesOpen(now, interest)).isTrue(); // who lags behind had nothing to tell
        }
        now = apply(now, response(orders(SECOND, partition(0, 2, 1))));
        assertThat(now.leader(ZERO)).extracting(Node::id).isEqualTo(2);
        assertThat(merge.leavesOpen(now, interest)).isFalse();
    }

    /** A client may hear of the later id first, and of the earlier one from a broker that lags behind. */
    @Test
    void anIdThatIsToldByAnswerAfterAnswerIsBelievedInTheEnd() {
        ClusterSnapshot now = apply(known(), response(orders(SECOND, partition(0, 3, 0))));
        int answers = 0;
        while (!topic(now).id().equals(FIRST) && answers < 50) {
            now = apply(now, response(orders(FIRST, partition(0, 1, 5))));
            answers++;
        }

        assertThat(answers).isBetween(6, 20);
        assertThat(merge.leavesOpen(now, interest)).isFalse();
        assertThat(topic(apply(now, response(orders(SECOND, partition(0, 3, 0))))).id()).isEqualTo(FIRST);
    }

    @Test
    void anIdThatWasReplacedIsNotBelievedAgainThoughTheTopicWasGoneInBetween() {
        ClusterSnapshot now = known();
        for (int i = 0; i < 3; i++) {
            now = apply(now, response(missing(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)));
        }
        now = apply(now, response(orders(SECOND, partition(0, 3, 0))));

        now = apply(now, response(orders(FIRST, partition(0, 1, 5))));

        assertThat(topic(now).id()).isEqualTo(SECOND);
    }

    @Test
    void anIdThatWasReplacedStaysAForeignOneWhileTheTopicIsGone() {
        ClusterSnapshot now = apply(known(), response(orders(SECOND, partition(0, 3, 0))));
        now = apply(now, response(missing(ErrorCode.TOPIC_AUTHORIZATION_FAILED)));

        now = apply(now, response(orders(FIRST, partition(0, 1, 5))));

        assertThat(topic(now).error()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(topic(apply(now, response(orders(SECOND, partition(0, 3, 0))))).id()).isEqualTo(SECOND);
    }

    @Test
    void whatAnotherClusterTellsIsMeasuredByNothingThatIsKnownOfTheFirst() {
        ClusterSnapshot now = apply(known(), response(orders(SECOND, partition(0, 3, 0))).clusterId("the other"));

        now = apply(now, response(orders(FIRST, partition(0, 1, 5))));

        assertThat(topic(now).id()).isEqualTo(FIRST);
    }

    @Test
    void nothingOfOneClusterIsKeptWhenAnotherAnswers() {
        ClusterSnapshot now = apply(known(), response(missing(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)).clusterId("the other"));

        assertThat(topic(now).isKnown()).isFalse();
    }

    @Test
    void partitionThatAnAnswerLacksStays() {
        ClusterSnapshot now = apply(known(), response(orders(FIRST, partition(0, 1, 5))));

        assertThat(topic(now).partitions()).extracting(PartitionInfo::leaderEpoch).containsExactly(5, 7);
    }

    @Test
    void partitionsKeepTheirPlacesThoughAnAnswerIsUnsortedOrHasGaps() {
        ClusterSnapshot now = apply(ClusterSnapshot.EMPTY, response(orders(FIRST, partition(2, 3, 1), partition(0, 1, 1))));

        List<PartitionInfo> partitions = topic(now).partitions();
        for (int i = 0; i < partitions.size(); i++) {
            assertThat(partitions.get(i).partition()).isEqualTo(i);
        }
        assertThat(partitions.get(1).leader()).isNull();
        assertThat(merge.leavesOpen(now, interest)).isTrue();
    }

    @Test
    void partitionWithoutALeaderLeavesTheQuestionOpen() {
        ClusterSnapshot now = apply(known(), response(orders(FIRST, partition(0, -1, 6), partition(1, 2, 7))));

        assertThat(now.leader(ZERO)).isNull();
        assertThat(now.leaderEpoch(ZERO)).isEqualTo(6);
        assertThat(merge.leavesOpen(now, interest)).isTrue();
    }

    @Test
    void knownTopicThatIsMissingForOnceStaysAndIsGoneAfterThree() {
        MetadataResponse without = response(missing(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));

        ClusterSnapshot now = apply(known(), without);
        assertThat(topic(now).isKnown()).isTrue();
        assertThat(merge.leavesOpen(now, interest)).isTrue(); // whether it is gone is to be known soon
        now = apply(now, without);
        assertThat(topic(now).isKnown()).isTrue();
        now = apply(now, without);

        assertThat(topic(now).isKnown()).isFalse();
        assertThat(topic(now).error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(merge.leavesOpen(now, interest)).isTrue();
    }

    @Test
    void topicThatComesBackIsCountedAnew() {
        MetadataResponse without = response(missing(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        MetadataResponse with = response(orders(FIRST, partition(0, 1, 5)));

        ClusterSnapshot now = apply(apply(apply(known(), without), without), with);
        now = apply(apply(now, without), without);

        assertThat(topic(now).isKnown()).isTrue();
        assertThat(merge.leavesOpen(apply(now, with), interest)).isFalse();
    }

    @Test
    void errorThatWillNotPassIsTakenAtOnce() {
        ClusterSnapshot now = apply(known(), response(missing(ErrorCode.TOPIC_AUTHORIZATION_FAILED)));

        assertThat(topic(now).error()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(topic(now).partitions()).isEmpty();
        assertThat(merge.leavesOpen(now, interest)).isFalse();
    }

    @Test
    void responseWithoutBrokersIsNotBelieved() {
        assertThat(apply(known(), new MetadataResponse()).isEmpty()).isTrue();
    }

    @Test
    void topicThatNobodyWatchesAnyMoreIsForgotten() {
        ClusterSnapshot before = known();
        interest.remove("orders", /* autoCreate= */ false);

        assertThat(apply(before, response()).topic("orders")).isNull();
    }

    @Test
    void newLeaderThatABrokerNamesIsBelievedIfItsEpochIsHigher() {
        ClusterSnapshot before = known();
        Node other = new Node(7, "b7", 9093, null);

        ClusterSnapshot now = MetadataMerge.withLeader(before, ZERO, FIRST, 7, 6, other);

        assertThat(now.leader(ZERO)).isEqualTo(other);
        assertThat(now.leaderEpoch(ZERO)).isEqualTo(6);
        assertThat(now.node(7)).isEqualTo(other);
        assertThat(topic(now).id()).isEqualTo(FIRST);
        assertThat(MetadataMerge.withLeader(before, ZERO, FIRST, 2, 5, null)).isSameAs(before);
        assertThat(MetadataMerge.withLeader(before, ZERO, FIRST, 99, 6, null)).isSameAs(before);
        assertThat(MetadataMerge.withLeader(before, new TopicPartition("other", 0), FIRST, 2, 6, null)).isSameAs(before);
    }

    @Test
    void leaderThatIsNamedToARequestToADeletedTopicIsNotThatOfItsSuccessor() {
        ClusterSnapshot recreated = apply(known(), response(orders(SECOND, partition(0, 3, 0))));

        assertThat(MetadataMerge.withLeader(recreated, ZERO, FIRST, 2, 6, null)).isSameAs(recreated);
        assertThat(MetadataMerge.withLeader(recreated, ZERO, Uuid.ZERO, 2, 6, null)).isSameAs(recreated);
        assertThat(MetadataMerge.withLeader(recreated, ZERO, SECOND, 2, 1, null).leaderEpoch(ZERO)).isEqualTo(1);
    }

    @Test
    void newLeaderIsBelievedWhereBrokersTellNoTopicIds() {
        ClusterSnapshot before = apply(ClusterSnapshot.EMPTY, response(orders(Uuid.ZERO, partition(0, 1, 5))));

        assertThat(MetadataMerge.withLeader(before, ZERO, Uuid.ZERO, 2, 6, null).leaderEpoch(ZERO)).isEqualTo(6);
    }

    private ClusterSnapshot applyAll(ClusterSnapshot before, MetadataResponseTopic... all) {
        return merge.apply(before, List.of(new MetadataRequests.Part(SOURCE, response(all), LATEST, /* tellsAll= */ true)), interest);
    }

    private static MetadataResponseTopic named(String name, Uuid id) {
        return new MetadataResponseTopic().name(name).topicId(id).partitions(List.of(partition(0, 1, 1)));
    }

    @Test
    void ofAllTopicsOnlyThoseAreKeptThatAFilterAccepts() {
        interest.add((name, internal) -> name.startsWith("ret") && !internal);

        ClusterSnapshot now = applyAll(
                ClusterSnapshot.EMPTY, orders(FIRST, partition(0, 1, 5)), named("returns", SECOND), named("invoices", new Uuid(3, 3)),
                named("retained", new Uuid(4, 4)).isInternal(true));

        assertThat(now.topics()).extracting(TopicInfo::name).containsExactly("orders", "returns");
        assertThat(merge.leavesOpen(now, interest)).isFalse();
    }

    @Test
    void topicThatTheListOfAllLacksThreeTimesIsGoneAndIsForgottenUnlessSomebodyNamesIt() {
        interest.add((name, internal) -> true);
        ClusterSnapshot now = applyAll(ClusterSnapshot.EMPTY, orders(FIRST, partition(0, 1, 5)), named("returns", SECOND));

        now = applyAll(applyAll(now));
        assertThat(now.topics()).allSatisfy(topic -> assertThat(topic.isKnown()).isTrue()).hasSize(2);
        assertThat(merge.leavesOpen(now, interest)).isTrue(); // whether they are gone is to be known soon
        now = applyAll(now);

        assertThat(now.topics()).extracting(TopicInfo::name).containsExactly("orders");
        assertThat(topic(now).error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void topicThatMayNotBeSeenAndThatNobodyNamesIsNotThere() {
        interest.add((name, internal) -> true);

        ClusterSnapshot now = applyAll(
                ClusterSnapshot.EMPTY, orders(FIRST, partition(0, 1, 5)),
                new MetadataResponseTopic().name("secret").errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code()));

        assertThat(now.topic("secret")).isNull();
        assertThat(MetadataMerge.hasRefused(now, interest)).isFalse();
    }

    @Test
    void topicOfWhichOnlyTheIdIsKnownIsAskedForUntilItIsThereAndGoneAfterThreeMisses() {
        interest.add(SECOND);
        assertThat(merge.leavesOpen(known(), interest)).isTrue();

        ClusterSnapshot now = apply(known(), response(named("returns", SECOND)));
        assertThat(now.topic(SECOND)).isNotNull().extracting(TopicInfo::name).isEqualTo("returns");
        assertThat(merge.leavesOpen(now, interest)).isFalse();
        MetadataResponse without = response(new MetadataResponseTopic().name(null).topicId(SECOND).errorCode(ErrorCode.UNKNOWN_TOPIC_ID.code()));
        now = apply(apply(now, without), without);
        assertThat(now.topic(SECOND)).isNotNull();
        now = apply(now, without);

        assertThat(now.topic(SECOND)).isNull();
        assertThat(now.topic("returns")).isNull();
    }

    /** Where brokers tell no topic ids, a topic that was made again is known by nothing but its epochs, which begin anew. */
    @Test
    void aLowerEpochThatIsToldByAnswerAfterAnswerIsBelievedInTheEndWhereThereAreNoTopicIds() {
        Uuid id = Uuid.ZERO;
        ClusterSnapshot now = apply(ClusterSnapshot.EMPTY, response(orders(id, partition(0, 1, 7))));
        int answers = 0;
        while (now.leaderEpoch(ZERO) == 7 && answers < 50) {
            assertThat(merge.leavesOpen(now, interest)).as("whether it is so is to be known soon").isEqualTo(answers > 0);
            now = apply(now, withoutBroker(1, response(orders(id, partition(0, 2, 0)))));
            answers++;
        }

        assertThat(answers).isBetween(6, 20);
        assertThat(now.leader(ZERO)).extracting(Node::id).isEqualTo(2);
        assertThat(now.node(1)).isNull();
        assertThat(merge.leavesOpen(now, interest)).isFalse();
    }

    @Test
    void aLowerEpochOfATopicWithAnIdIsNeverBelieved() {
        ClusterSnapshot now = known();

        for (int i = 0; i < 50; i++) {
            now = apply(now, response(orders(FIRST, partition(0, 3, 4), partition(1, 2, 7))));
        }

        assertThat(now.leaderEpoch(ZERO)).isEqualTo(5);
        assertThat(merge.leavesOpen(now, interest)).isFalse();
    }

    @Test
    void lowerEpochOfOneThatLagsBehindIsNotBelievedWhileOthersDoNot() {
        ClusterSnapshot now = apply(ClusterSnapshot.EMPTY, response(orders(Uuid.ZERO, partition(0, 1, 5), partition(1, 2, 7))));

        for (int i = 0; i < 60; i++) {
            boolean lags = i % 6 != 0;
            now = apply(now, response(orders(Uuid.ZERO, lags ? partition(0, 3, 4) : partition(0, 1, 5), partition(1, 2, 7))));

            assertThat(now.leaderEpoch(ZERO)).isEqualTo(5);
            assertThat(merge.leavesOpen(now, interest)).isEqualTo(lags);
        }
    }
}
