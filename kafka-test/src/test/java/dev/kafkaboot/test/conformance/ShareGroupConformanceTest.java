package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.message.ConsumerGroupDescribeRequest;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.DescribeGroupsRequest;
import dev.kafkaboot.protocol.message.HeartbeatRequest;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.ShareGroupDescribeRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Membership of share groups, and what they are to groups of other kinds (KIP-932). */
class ShareGroupConformanceTest extends ConformanceTest {

    private static final String A = "a1a1a1a1a1a1a1a1a1a1a1";
    private static final String B = "b2b2b2b2b2b2b2b2b2b2b2";
    private static final String C = "c3c3c3c3c3c3c3c3c3c3c3";
    private static final String D = "d4d4d4d4d4d4d4d4d4d4d4";
    private static final String E = "e5e5e5e5e5e5e5e5e5e5e5";

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
    void membersComeAndGo() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders", 2, Map.of());
            String group = side.group("group");
            Sharing a = new Sharing(side, group, A).joined(topic);
            Sharing b = new Sharing(side, group, B);
            a.beat("nothing new");
            a.beat("answer lost", a.join(topic));
            describe(side, "one", group);
            b.beat("unknown member", b.heartbeat(3));
            b.beat("unknown member leaves", b.heartbeat(-1));
            b.beat("joins", b.join(topic));
            int before = a.memberEpoch();
            a.beat("ahead", a.heartbeat(before + 2));
            a.beat("epoch that it has not heard of", a.heartbeat(before + 1));
            a.beat("long ago", a.heartbeat(before - 2));
            a.beat("hears of the other");
            a.beat("answer lost", a.heartbeat(before));
            a.beat("before that", a.heartbeat(before - 1));
            a.describeShares("two");
            b.beat("topic that does not exist", b.heartbeat().subscribedTopicNames(List.of(side.named("nowhere"))));
            a.beat("has all");
            describe(side, "one reads nothing", group);
            b.beat("reads as before", b.heartbeat().subscribedTopicNames(List.of(topic)));
            b.beat("same again", b.heartbeat().subscribedTopicNames(List.of(topic)));
            a.describeShares("two, and one has not heard");
            b.beat("leaves", b.heartbeat(-1));
            b.beat("leaves again", b.heartbeat(-1));
            b.beat("is gone", b.heartbeat());
            describe(side, "one again, and has not heard", group);
            a.beat("hears that the other left");
            a.beat("leaves", a.heartbeat(-1));
            describe(side, "none", group);
            b.beat("is still gone", b.heartbeat());
            b.beat("comes back", b.join(topic));
            describe(side, "back", group);
        });
    }

    @Test
    void partitionsAreSharedOut() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders", 2, Map.of());
            String group = side.group("group");
            List<Sharing> members = new ArrayList<>();
            members.add(new Sharing(side, group, A).joined(topic));
            for (String id : List.of(B, C, D, E)) {
                members.add(new Sharing(side, group, id).joined(topic));
                hear(members);
                members.get(0).describeShares(members.size() + " members of two partitions");
            }
            for (int left = 4; left > 0; left--) {
                members.get(left).leave();
                hear(members.subList(0, left));
                members.get(0).describeShares(left + " left");
            }
        });
    }

    @Test
    void eachTopicIsSharedOutAmongItsReaders() throws IOException {
        assertAlike(side -> {
            String orders = side.topic("orders", 2, Map.of());
            String bills = side.topic("bills", 4, Map.of());
            String group = side.group("group");
            List<Sharing> members = new ArrayList<>();
            members.add(new Sharing(side, group, A).joined(6, orders, bills));
            members.get(0).describeShares("reads both");
            members.add(new Sharing(side, group, B).joined(bills));
            hear(members);
            members.get(0).describeShares("and one reads bills");
            members.add(new Sharing(side, group, C).joined(orders));
            hear(members);
            members.get(0).describeShares("and one reads orders");
            members.add(new Sharing(side, group, D).joined(orders));
            members.add(new Sharing(side, group, E).joined(orders));
            hear(members);
            members.get(0).describeShares("and two others read orders");
        });
    }

    private static void hear(List<Sharing> members) throws IOException {
        members.get(0).awaitAssignment();
        for (Sharing member : members) {
            member.hear();
        }
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
