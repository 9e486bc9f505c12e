package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Member.protocol;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.LeaveGroupRequest.MemberIdentity;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups whose members assign partitions themselves. */
class ClassicGroupConformanceTest extends ConformanceTest {

    @Test
    void everyVersionIsAnswered() throws IOException {
        assertAlike(side -> {
            for (int version = 0; version <= Member.JOIN; version++) {
                Member member = new Member(side, side.group("group" + version));
                if (member.join("join", version) == ErrorCode.MEMBER_ID_REQUIRED) {
                    member.join("join with id", version);
                }
                member.sync("sync", Math.min(version, Member.SYNC), member.gets("all"));
                member.heartbeat("heartbeat", Math.min(version, Member.HEARTBEAT));
                member.join("join again", version);
                member.heartbeat("between", Math.min(version, Member.HEARTBEAT));
                member.leave("leave", Math.min(version, Member.LEAVE), new MemberIdentity().memberId(member.id));
                member.leave("leave again", Math.min(version, Member.LEAVE), new MemberIdentity().memberId(member.id));
                member.heartbeat("gone", Math.min(version, Member.HEARTBEAT));
            }
        });
    }

    @Test
    void wrongJoinsAreRefused() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            Member member = new Member(side, "");
            member.join("group without a name");
            member.group = group;
            member.sessionMillis = 10;
            member.join("short session");
            member.sessionMillis = 2_000_000;
            member.join("long session");
            member.sessionMillis = 60_000;
            member.id = "stranger";
            member.join("unknown id");
            member.join("unknown id", 3);
            member.id = "";
            member.protocols = List.of();
            member.join("no protocols");
            member.protocols = List.of(protocol("range", "orders"));
            member.protocolType = "";
            member.join("no type");
            member.protocolType = "consumer";
            member.instance = "";
            member.join("instance without a name");
            member.instance = null;
            member.becomeStable();
            Member other = new Member(side, group);
            other.protocols = List.of(protocol("sticky", "orders"));
            other.join("other protocol");
            other.protocols = List.of(protocol("range", "orders"));
            other.protocolType = "connect";
            other.join("other type");
        });
    }

    @Test
    void wrongMembersAndGenerationsAreRefused() throws IOException {
        assertAlike(side -> {
            Member member = new Member(side, side.group("group"));
            member.heartbeat("no group");
            member.sync("no group");
            member.leave("no group");
            member.becomeStable();
            String id = member.id;
            for (String other : new String[] {"", "stranger"}) {
                member.id = other;
                member.heartbeat("member '" + other + "'");
                member.sync("member '" + other + "'");
                member.leave("member '" + other + "'");
                member.id = id;
            }
            for (int other : new int[] {-1, 0, 5}) {
                member.generation = other;
                member.heartbeat("generation " + other);
                member.sync("generation " + other);
                member.generation = 1;
            }
            member.protocolType = "connect";
            member.sync("other type");
            member.protocolType = "consumer";
            member.protocols = List.of(protocol("sticky", "orders"));
            member.sync("other protocol");
            member.protocols = List.of(protocol("range", "orders"));
            member.sync("again");
            member.group = "";
            member.heartbeat("group without a name");
            member.sync("group without a name");
            member.leave("group without a name");
        });
    }

    @Test
    void membersComeAndGo() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            Member first = new Member(side, group).becomeStable();
            Member second = new Member(side, group);
            second.join("second without an id");
            first.heartbeat("not disturbed");
            second.sendJoin(Member.JOIN);
            first.awaitHeartbeat(ErrorCode.REBALANCE_IN_PROGRESS);
            first.sync("sync while others join");
            first.join("first again");
            second.joined("second", Member.JOIN);
            second.heartbeat("before the assignment");
            Member.syncAll("two", first, second);
            second.sync("once more");
            first.heartbeat("first");
            second.heartbeat("second");

            second.join("follower without a change");
            second.protocols = List.of(protocol("range", "bills"));
            second.sendJoin(Member.JOIN);
            first.awaitHeartbeat(ErrorCode.REBALANCE_IN_PROGRESS);
            first.join("first for the third time");
            second.joined("second with a change", Member.JOIN);
            Member.syncAll("third", first, second);
            second.leave("second leaves");
            first.awaitHeartbeat(ErrorCode.REBALANCE_IN_PROGRESS);
            second.heartbeat("gone");
        });
    }

    @Test
    void leaderThatJoinsBeginsARebalance() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            Member leader = new Member(side, group).becomeStable();
            Member follower = new Member(side, group);
            follower.join("follower without an id");
            follower.sendJoin(Member.JOIN);
            leader.awaitHeartbeat(ErrorCode.REBALANCE_IN_PROGRESS);
            leader.join("both, leader");
            follower.joined("both, follower", Member.JOIN);
            Member.syncAll("both", leader, follower);
            leader.sendJoin(Member.JOIN);
            follower.awaitHeartbeat(ErrorCode.REBALANCE_IN_PROGRESS);
            follower.join("follower once more");
            leader.joined("leader once more", Member.JOIN);
            Member.syncAll("third", leader, follower);
            leader.leave("leader leaves");
            follower.awaitHeartbeat(ErrorCode.REBALANCE_IN_PROGRESS);
            follower.join("alone");
            follower.sync("alone", follower.gets("all"));
            follower.leave("last leaves");
            follower.heartbeat("gone");
        });
    }

    @Test
    void staticMembersKeepTheirPlace() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            Member member = new Member(side, group);
            member.instance = "a";
            member.becomeStable();
            Member heir = new Member(side, group);
            heir.instance = "a";
            heir.join("heir");
            heir.sync("heir");
            member.heartbeat("predecessor");
            member.sync("predecessor");
            member.join("predecessor");
            member.leave("predecessor");
            heir.heartbeat("heir");
            Member older = new Member(side, group);
            older.instance = "a";
            older.join("older heir", 5);
            older.sync("older heir");
            older.instance = "b";
            older.heartbeat("unknown instance");
            older.leave("unknown instance");
            older.instance = "a";
            older.protocols = List.of(protocol("range", "bills"));
            older.join("other subscription");
            older.leave("by instance", 5, new MemberIdentity().groupInstanceId("a"), new MemberIdentity().groupInstanceId("x"));
            older.heartbeat("removed");
        });
    }
}
