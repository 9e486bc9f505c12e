package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.DescribeGroupsRequest;
import dev.kafkaboot.protocol.message.LeaveGroupRequest.MemberIdentity;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Groups whose members go over from the one protocol to the other, one after the other (KIP-848). */
class GroupMigrationConformanceTest extends ConformanceTest {

    private static final String A = "a1a1a1a1a1a1a1a1a1a1a1";
    private static final String B = "b2b2b2b2b2b2b2b2b2b2b2";

    /** The only member of a classic group, to which everything is assigned. */
    private static Member classic(Side side, String group, String topic, Integer... partitions) throws IOException {
        Member member = new Member(side, group);
        member.protocols = List.of(Member.owning("range", topic), Member.owning("roundrobin", topic));
        member.joinAsNew("classic");
        member.sync("classic", member.gets(topic, partitions));
        return member;
    }

    private static void describe(Side side, String step, String group) throws IOException {
        Coordinated.describe(side, step, group);
        side.tell(step, new DescribeGroupsRequest().groups(List.of(group)), 6);
    }

    @Test
    void classicGroupBecomesAConsumerGroupAndBack() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders", 2, Map.of());
            Coordinated.awaitTopic(side, group, topic);
            Member classic = classic(side, group, topic, 0, 1);

            Coordinated consumer = new Coordinated(side, group, A);
            consumer.join("consumer joins", topic);
            describe(side, "upgraded", group);
            classic.heartbeat("classic is told");
            classic.sync("classic syncs");
            classic.commit("classic commits in its generation", topic, classic.generation);
            consumer.heartbeat("consumer waits");

            classic.protocols = List.of(Member.owning("range", topic, 0, 1), Member.owning("roundrobin", topic, 0, 1));
            classic.join("classic joins with all");
            describe(side, "revoking", group);
            classic.sync("classic has to let go");
            classic.heartbeat("classic is to say that it did");
            classic.commit("classic commits", topic, classic.generation);
            classic.commit("classic commits ahead", topic, classic.generation + 1);
            classic.protocols = List.of(Member.owning("range", topic, 0), Member.owning("roundrobin", topic, 0));
            classic.join("classic let go");
            classic.sync("classic keeps one");
            classic.heartbeat("classic is in the group's epoch");
            consumer.heartbeat("consumer is given");
            consumer.has("consumer has", topic, 1);
            describe(side, "both", group);

            classic.generation--;
            classic.heartbeat("classic in an older generation");
            classic.sync("classic in an older generation");
            classic.generation++;
            consumer.leave("consumer leaves");
            describe(side, "downgraded", group);
            classic.heartbeat("classic is to join");
            classic.join("classic joins a classic group");
            classic.sync("classic has all", classic.gets(topic, 0, 1));
            describe(side, "classic again", group);
        });
    }

    @Test
    void classicMembersJoinAConsumerGroup() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders", 2, Map.of());
            Coordinated.awaitTopic(side, group, topic);
            Coordinated consumer = new Coordinated(side, group, A);
            consumer.join("consumer joins", topic);
            consumer.has("consumer has all", topic, 0, 1);

            Member classic = new Member(side, group);
            classic.protocols = List.of(Member.owning("range", topic));
            classic.protocolType = "connect";
            classic.join("not a consumer");
            classic.protocolType = "consumer";
            classic.join("old version", 3);
            classic.heartbeat("heartbeat before the sync");
            classic.sync("waits");
            classic.heartbeat("still waits");
            consumer.heartbeat("consumer is told");
            int kept = consumer.first();
            consumer.has("consumer let go", topic, kept);
            classic.heartbeat("classic may have more");
            classic.sync("sync without a join");
            classic.join("classic joins again");
            classic.sync("classic has one");
            classic.heartbeat("classic has nothing to do");
            describe(side, "both", group);

            Member other = new Member(side, group);
            other.protocols = List.of(Member.owning("sticky", topic));
            other.join("another protocol");
            other.protocols = List.of();
            other.join("no protocol");
            other.protocols = List.of(Member.owning("range", topic));
            other.id = "stranger";
            other.heartbeat("stranger");
            other.sync("stranger");
            other.leave("stranger");
            other.id = A;
            other.heartbeat("consumer by a classic heartbeat");
            other.sync("consumer by a classic sync");
            classic.leave("classic leaves");
            classic.heartbeat("classic is gone");
            describe(side, "consumer alone", group);
            other.leave("consumer leaves by the classic protocol");
            describe(side, "empty", group);
        });
    }

    @Test
    void membersAreUpgradedInPlace() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders", 2, Map.of());
            Coordinated.awaitTopic(side, group, topic);
            Member classic = new Member(side, group);
            classic.instance = "i";
            classic.protocols = List.of(Member.owning("range", topic));
            classic.joinAsNew("classic");
            classic.sync("classic", classic.gets(topic, 0, 1));

            Coordinated consumer = new Coordinated(side, group, A);
            consumer.instance = "i";
            consumer.join("consumer of the same instance", topic);
            describe(side, "upgraded", group);
            classic.heartbeat("fenced");
            classic.sync("fenced");
            classic.join("fenced");
            classic.leave("fenced");
            consumer.has("has all", topic, 0, 1);
            describe(side, "stable", group);

            Member back = new Member(side, group);
            back.instance = "i";
            back.protocols = List.of(Member.owning("range", topic));
            back.join("back to classic");
            describe(side, "of one member", group);
            back.sync("back");
            back.heartbeat("back");
            consumer.heartbeat("fenced");
        });
    }

    @Test
    void rebalanceUnderWayIsGivenUp() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders", 2, Map.of());
            Coordinated.awaitTopic(side, group, topic);
            Member first = classic(side, group, topic, 0, 1);
            Member second = new Member(side, group);
            second.protocols = List.of(Member.owning("range", topic));
            second.join("second without an id");
            second.sendJoin(Member.JOIN);
            first.awaitHeartbeat(ErrorCode.REBALANCE_IN_PROGRESS);

            Coordinated consumer = new Coordinated(side, group, A);
            consumer.join("consumer joins", topic);
            second.joined("second is sent away", Member.JOIN);
            second.join("second joins the consumer group");
            second.sync("second");
            first.heartbeat("first");
            first.leave("first leaves", Member.LEAVE, new MemberIdentity().memberId(first.id), new MemberIdentity().memberId("x"));
            // Which of the two that are left gets the second partition depends on their ids, which are random.
        });
    }

    @Test
    void groupsThatCannotGoOverAreLeftAsTheyAre() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders", 1, Map.of());
            String connect = side.group("connect");
            Member worker = new Member(side, connect);
            worker.protocolType = "connect";
            worker.becomeStable();
            new Coordinated(side, connect, A).join("joins workers", topic);
            worker.heartbeat("worker goes on");

            String own = side.group("own");
            Member custom = new Member(side, own);
            custom.protocols = List.of(Member.owning("own", topic));
            custom.joinAsNew("custom");
            custom.sync("custom", custom.getsWithUserData(topic, 0));
            new Coordinated(side, own, A).join("assignor of one's own", topic);
            custom.heartbeat("custom goes on");
            new Coordinated(side, own, B).heartbeat("heartbeat of nobody");
            describe(side, "classic", own);
        });
    }
}
