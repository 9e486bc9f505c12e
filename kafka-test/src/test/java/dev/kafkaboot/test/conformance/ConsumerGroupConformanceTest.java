package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatResponse;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import dev.kafkaboot.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Groups whose partitions the coordinator shares out (KIP-848). */
class ConsumerGroupConformanceTest extends ConformanceTest {

    private static final int NEWEST = 1;
    private static final String A = "a1a1a1a1a1a1a1a1a1a1a1";
    private static final String B = "b2b2b2b2b2b2b2b2b2b2b2";

    private static ConsumerGroupHeartbeatRequest join(String group, String member, String... topics) {
        return heartbeat(group, member, 0)
                .rebalanceTimeoutMs(60_000)
                .subscribedTopicNames(List.of(topics))
                .topicPartitions(List.of());
    }

    private static ConsumerGroupHeartbeatRequest heartbeat(String group, String member, int epoch) {
        return new ConsumerGroupHeartbeatRequest().groupId(group).memberId(member).memberEpoch(epoch);
    }

    private static ConsumerGroupHeartbeatRequest owning(Side side, String group, String member, int epoch, String topic, Integer... partitions) {
        return heartbeat(group, member, epoch).topicPartitions(List.of(new ConsumerGroupHeartbeatRequest.TopicPartitions()
                .topicId(side.idOf(topic))
                .partitions(List.of(partitions))));
    }

    @Test
    void onlyMemberIsGivenEverything() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders", 3, Map.of());
            Coordinated.awaitTopic(side, group, topic);
            Coordinated.describe(side, "no group", group);
            side.tell("join", join(group, A, topic), NEWEST);
            Coordinated.describe(side, "joined", group);
            side.tell("has all", owning(side, group, A, 2, topic, 0, 1, 2), NEWEST);
            side.tell("nothing new", heartbeat(group, A, 2), NEWEST);
            Coordinated.describe(side, "reconciled", group);
            side.tell("same subscription", heartbeat(group, A, 2).subscribedTopicNames(List.of(topic)), NEWEST);
            side.tell("topic that does not exist", heartbeat(group, A, 2).subscribedTopicNames(List.of(topic, side.named("nowhere"))), NEWEST);
            side.tell("reads nothing", heartbeat(group, A, 3).subscribedTopicNames(List.of()), NEWEST);
            Coordinated.describe(side, "reads nothing", group);
            side.tell("leave", heartbeat(group, A, -1), NEWEST);
            Coordinated.describe(side, "empty", group);
            side.tell("gone", heartbeat(group, A, 4), NEWEST);
        });
    }

    @Test
    void wrongHeartbeatsAreRefused() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders");
            Coordinated.awaitTopic(side, group, topic);
            side.tell("no group", heartbeat(group, A, 5), NEWEST);
            side.tell("leaves no group", heartbeat(group, A, -1), NEWEST);
            side.tell("group without a name", join("", A, topic), NEWEST);
            side.tell("member without an id", join(group, "", topic), NEWEST);
            side.tell("without a time-out", join(group, A, topic).rebalanceTimeoutMs(-1), NEWEST);
            side.tell("without partitions", join(group, A, topic).topicPartitions(null), NEWEST);
            side.tell("with partitions", owning(side, group, A, 0, topic, 0).rebalanceTimeoutMs(60_000).subscribedTopicNames(List.of(topic)), NEWEST);
            side.tell("without a subscription", join(group, A).subscribedTopicNames(null), NEWEST);
            side.tell("empty instance", join(group, A, topic).instanceId(""), NEWEST);
            side.tell("empty rack", join(group, A, topic).rackId(""), NEWEST);
            side.tell("unknown assignor", join(group, A, topic).serverAssignor("mine"), NEWEST);
            side.tell("empty assignor", join(group, A, topic).serverAssignor(""), NEWEST);
            side.tell("epoch of -3", heartbeat(group, A, -3), NEWEST);
            side.tell("static leave without an instance", heartbeat(group, A, -2), NEWEST);
            side.tell("wrong expression", join(group, A).subscribedTopicNames(null).subscribedTopicRegex("(["), NEWEST);
        });
    }

    @Test
    void wrongEpochsAreFenced() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders", 2, Map.of());
            Coordinated.awaitTopic(side, group, topic);
            side.tell("join", join(group, A, topic), NEWEST);
            side.tell("answer lost", join(group, A, topic), NEWEST);
            side.tell("epoch ahead", heartbeat(group, A, 9), NEWEST);
            side.tell("unknown member", heartbeat(group, B, 2), NEWEST);
            side.tell("unknown member leaves", heartbeat(group, B, -1), NEWEST);
            side.tell("has all", owning(side, group, A, 2, topic, 0, 1), NEWEST);
            for (int epoch = -1; epoch <= 3; epoch++) {
                side.tell("commit in " + epoch, commit(group, topic, epoch, A), 9);
            }
            side.tell("commit of version 8", commit(group, topic, 2, A), 8);
            side.tell("commit of another", commit(group, topic, 2, B), 9);
            side.tell("commit of nobody", commit(group, topic, -1, ""), 9);
            Member classic = new Member(side, group);
            classic.protocols = List.of(Member.protocol("range", topic));
            classic.heartbeat("classic heartbeat");
            classic.sync("classic sync");
        });
    }

    private static OffsetCommitRequest commit(String group, String topic, int epoch, String member) {
        return new OffsetCommitRequest().groupId(group).memberId(member).generationIdOrMemberEpoch(epoch).topics(List.of(
                new OffsetCommitRequestTopic().name(topic).partitions(List.of(new OffsetCommitRequestPartition().committedOffset(1)))));
    }

    @Test
    void offsetsAreReadInTheMembersEpoch() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders", 1, Map.of());
            Coordinated.awaitTopic(side, group, topic);
            side.tell("join", join(group, A, topic), NEWEST);
            side.tell("has all", owning(side, group, A, 2, topic, 0), NEWEST);
            side.tell("commit", commit(group, topic, 2, A), 9);
            for (int version = 9; version <= 10; version++) {
                for (int epoch = -1; epoch <= 3; epoch++) {
                    side.tell("member in " + epoch, fetch(side, group, topic, A, epoch), version);
                }
                side.tell("another", fetch(side, group, topic, B, 2), version);
                side.tell("nobody", fetch(side, group, topic, null, -1), version);
                side.tell("without a name", fetch(side, group, topic, "", -1), version);
                side.tell("without a name in 2", fetch(side, group, topic, "", 2), version);
                side.tell("member of no group", fetch(side, side.named("nowhere"), topic, A, 2), version);
            }
            side.tell("version that knows no members", fetch(side, group, topic, null, -1), 8);
            side.tell("leave", heartbeat(group, A, -1), NEWEST);
            side.tell("member of an empty group", fetch(side, group, topic, A, 2), 9);
            side.tell("nobody, of an empty group", fetch(side, group, topic, null, -1), 9);
        });
    }

    @Test
    void classicGroupDoesNotAskWhoReadsItsOffsets() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders");
            Member member = new Member(side, group).becomeStable();
            side.tell("member", fetch(side, group, topic, member.id, 1), 9);
            side.tell("member in another generation", fetch(side, group, topic, member.id, 7), 9);
            side.tell("another", fetch(side, group, topic, B, 1), 9);
            side.tell("nobody", fetch(side, group, topic, null, -1), 9);
        });
    }

    private static OffsetFetchRequest fetch(Side side, String group, String topic, @Nullable String member, int epoch) {
        var topics = new OffsetFetchRequestTopics().name(topic).topicId(side.idOf(topic)).partitionIndexes(List.of(0));
        return new OffsetFetchRequest().groups(List.of(
                new OffsetFetchRequestGroup().groupId(group).memberId(member).memberEpoch(epoch).topics(List.of(topics))));
    }

    @Test
    void partitionMovesWhenItsOwnerLetGo() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders", 2, Map.of());
            Coordinated.awaitTopic(side, group, topic);
            side.tell("first joins", join(group, A, topic), NEWEST);
            side.tell("first has all", owning(side, group, A, 2, topic, 0, 1), NEWEST);
            side.tell("second joins", join(group, B, topic), NEWEST);
            ConsumerGroupHeartbeatResponse told = side.tell("first is told", heartbeat(group, A, 2), NEWEST);
            Coordinated.describe(side, "revoking", group);
            var assignment = told.assignment();
            int kept = assignment == null || assignment.topicPartitions().isEmpty() ? 0 : assignment.topicPartitions().get(0).partitions().get(0);
            side.tell("second waits", heartbeat(group, B, 3), NEWEST);
            side.tell("first let go", owning(side, group, A, 2, topic, kept), NEWEST);
            side.tell("second is given", heartbeat(group, B, 3), NEWEST);
            side.tell("second has", owning(side, group, B, 3, topic, 1 - kept), NEWEST);
            Coordinated.describe(side, "stable", group);
            side.tell("first leaves", heartbeat(group, A, -1), NEWEST);
            side.tell("second is told", heartbeat(group, B, 3), NEWEST);
            side.tell("second has all", owning(side, group, B, 4, topic, 0, 1), NEWEST);
            Coordinated.describe(side, "alone", group);
        });
    }

    @Test
    void staticMembersComeBack() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders", 2, Map.of());
            Coordinated.awaitTopic(side, group, topic);
            side.tell("join", join(group, A, topic).instanceId("i"), NEWEST);
            side.tell("has all", owning(side, group, A, 2, topic, 0, 1).instanceId("i"), NEWEST);
            side.tell("instance in use", join(group, B, topic).instanceId("i"), NEWEST);
            side.tell("leaves for a while", heartbeat(group, A, -2).instanceId("i"), NEWEST);
            Coordinated.describe(side, "away", group);
            side.tell("comes back", join(group, B, topic).instanceId("i"), NEWEST);
            side.tell("predecessor", heartbeat(group, A, 2).instanceId("i"), NEWEST);
            side.tell("predecessor leaves", heartbeat(group, A, -1).instanceId("i"), NEWEST);
            side.tell("other instance", heartbeat(group, B, 2).instanceId("x"), NEWEST);
            side.tell("heir", heartbeat(group, B, 2).instanceId("i"), NEWEST);
            side.tell("leaves for good", heartbeat(group, B, -1).instanceId("i"), NEWEST);
            Coordinated.describe(side, "empty", group);
        });
    }
}
