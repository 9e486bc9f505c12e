package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.message.ConsumerGroupDescribeRequest;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.DescribeGroupsRequest;
import dev.kafkaboot.protocol.message.HeartbeatRequest;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.ShareGroupDescribeRequest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Membership of share groups, and what they are to groups of other kinds (KIP-932). */
class ShareGroupConformanceTest extends ConformanceTest {

    private static final String A = "a1a1a1a1a1a1a1a1a1a1a1";

    private static void describe(Side side, String step, String group) throws IOException {
        side.tell(step, new ShareGroupDescribeRequest().groupIds(List.of(group)), Sharing.HEARTBEAT);
    }

    @Test
    void wrongHeartbeatsAreRefused() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Sharing member = new Sharing(side, side.group("group"), A);
            side.tell("no group", member.heartbeat(5), Sharing.HEARTBEAT);
            side.tell("leaves no group", member.heartbeat(-1), Sharing.HEARTBEAT);
            side.tell("group without a name", member.join(topic).groupId(""), Sharing.HEARTBEAT);
            side.tell("member without an id", member.join(topic).memberId(""), Sharing.HEARTBEAT);
            side.tell("member with a long id", member.join(topic).memberId("x".repeat(37)), Sharing.HEARTBEAT);
            side.tell("without a subscription", member.heartbeat(0), Sharing.HEARTBEAT);
            side.tell("empty subscription", member.join(), Sharing.HEARTBEAT);
            side.tell("empty rack", member.join(topic).rackId(""), Sharing.HEARTBEAT);
            side.tell("epoch of -2", member.heartbeat(-2), Sharing.HEARTBEAT);
            describe(side, "no group", member.group);
        });
    }

    @Test
    void kindsOfGroupsDoNotMix() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Member classic = new Member(side, side.group("classic"));
            classic.becomeStable();
            String ofClassic = side.named("classic");
            side.tell("joins classic", new Sharing(side, ofClassic, A).join(topic), Sharing.HEARTBEAT);
            describe(side, "classic", ofClassic);
            classic.leave("leave");
            side.tell("joins empty classic", new Sharing(side, ofClassic, A).join(topic), Sharing.HEARTBEAT);
            String group = side.group("share");
            Sharing member = new Sharing(side, group, A).joined(topic);
            refused(side, "with a member", group, topic);
            side.tell("leave", member.heartbeat(-1), Sharing.HEARTBEAT);
            refused(side, "empty", group, topic);
        });
    }

    /** What others than members of a share group are told of it. */
    private static void refused(Side side, String when, String group, String topic) throws IOException {
        side.tell("consumer joins, " + when, new ConsumerGroupHeartbeatRequest()
                .groupId(group).memberId(A).rebalanceTimeoutMs(1000).subscribedTopicNames(List.of(topic)).topicPartitions(List.of()), 1);
        new Member(side, group).join("classic joins, " + when);
        side.tell("classic heartbeat, " + when, new HeartbeatRequest().groupId(group).memberId("x").generationId(1), 4);
        side.tell("consumer describe, " + when, new ConsumerGroupDescribeRequest().groupIds(List.of(group)), 1);
        side.tell("classic describe, " + when, new DescribeGroupsRequest().groups(List.of(group)), 6);
        var partition = new OffsetCommitRequest.OffsetCommitRequestPartition().committedOffset(1);
        side.tell("commit, " + when, new OffsetCommitRequest().groupId(group).memberId("").generationIdOrMemberEpoch(-1).topics(List.of(
                new OffsetCommitRequest.OffsetCommitRequestTopic().name(topic).partitions(List.of(partition)))), 9);
        side.tell("fetch, " + when, new OffsetFetchRequest().groups(List.of(
                new OffsetFetchRequest.OffsetFetchRequestGroup().groupId(group).topics(null))), 9);
    }
}
