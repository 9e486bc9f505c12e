package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ConsumerProtocol;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ConsumerProtocolAssignment;
import dev.kafkaboot.protocol.message.ConsumerProtocolSubscription;
import dev.kafkaboot.protocol.message.HeartbeatRequest;
import dev.kafkaboot.protocol.message.HeartbeatResponse;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.LeaveGroupRequest;
import dev.kafkaboot.protocol.message.LeaveGroupRequest.MemberIdentity;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.SyncGroupRequest;
import dev.kafkaboot.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A member of a classic group, on a connection of its own, that believes in the id and the generation that it was last given or that the scenario gives it. */
final class Member {

    static final int JOIN = 9;
    static final int SYNC = 5;
    static final int HEARTBEAT = 4;
    static final int LEAVE = 5;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Side side;
    private final Wire wire;
    String group;
    String id = "";
    int generation = -1;
    @Nullable String instance;
    String protocolType = "consumer";
    List<JoinGroupRequestProtocol> protocols = List.of(protocol("range", "orders"));
    int sessionMillis = 60_000;

    Member(Side side, String group) throws IOException {
        this.side = side;
        this.wire = side.connect();
        this.group = group;
    }

    /** A protocol of consumers that read a topic: what they say of it is in a form of its own, and a broker looks into it. */
    static JoinGroupRequestProtocol protocol(String name, String topic) {
        byte[] bytes = topic.getBytes(StandardCharsets.UTF_8);
        ByteBuffer subscription = ByteBuffer.allocate(12 + bytes.length);
        subscription.putShort((short) 0).putInt(1).putShort((short) bytes.length).put(bytes).putInt(-1);
        return new JoinGroupRequestProtocol().name(name).metadata(subscription.array());
    }

    /** A protocol of consumers that say what they have, as all do since KIP-429. */
    static JoinGroupRequestProtocol owning(String name, String topic, Integer... partitions) {
        ConsumerProtocolSubscription subscription = new ConsumerProtocolSubscription().topics(List.of(topic));
        if (partitions.length > 0) {
            subscription.ownedPartitions(List.of(new ConsumerProtocolSubscription.TopicPartition().topic(topic).partitions(List.of(partitions))));
        }
        return new JoinGroupRequestProtocol().name(name).metadata(ConsumerProtocol.encode(subscription));
    }

    private JoinGroupRequest joinRequest() {
        return new JoinGroupRequest()
                .groupId(group)
                .memberId(id)
                .groupInstanceId(instance)
                .sessionTimeoutMs(sessionMillis)
                .rebalanceTimeoutMs(60_000)
                .protocolType(protocolType)
                .protocols(protocols);
    }

    ErrorCode join(String step) throws IOException {
        return join(step, JOIN);
    }

    ErrorCode join(String step, int version) throws IOException {
        sendJoin(version);
        return joined(step, version);
    }

    /** Joins, and waits for the others. */
    void sendJoin(int version) throws IOException {
        wire.send(joinRequest(), version);
    }

    /** Takes the answer to a join. */
    ErrorCode joined(String step, int version) throws IOException {
        JoinGroupResponse answer = wire.receive(new JoinGroupRequest(), version);
        side.tell(step, version, answer);
        ErrorCode error = ErrorCode.forCode(answer.errorCode());
        if (error == ErrorCode.NONE || error == ErrorCode.MEMBER_ID_REQUIRED) {
            id = answer.memberId();
            generation = answer.generationId();
        }
        return error;
    }

    /** Asks for its assignment, as a leader that assigns or with nothing. */
    void sync(String step, SyncGroupRequestAssignment... assignments) throws IOException {
        sync(step, SYNC, assignments);
    }

    void sync(String step, int version, SyncGroupRequestAssignment... assignments) throws IOException {
        sendSync(version, assignments);
        synced(step, version);
    }

    void sendSync(int version, SyncGroupRequestAssignment... assignments) throws IOException {
        wire.send(new SyncGroupRequest()
                .groupId(group)
                .memberId(id)
                .generationId(generation)
                .groupInstanceId(instance)
                .protocolType(protocolType)
                .protocolName(protocols.isEmpty() ? null : protocols.get(0).name())
                .assignments(List.of(assignments)), version);
    }

    void synced(String step, int version) throws IOException {
        side.tell(step, version, wire.receive(new SyncGroupRequest(), version));
    }

    /** What the leader gives to this member. */
    SyncGroupRequestAssignment gets(String assignment) {
        return new SyncGroupRequestAssignment().memberId(id).assignment(assignment.getBytes(StandardCharsets.UTF_8));
    }

    /** What the leader gives to this member, so that others can read it. */
    SyncGroupRequestAssignment gets(String topic, Integer... partitions) {
        return gets(new ConsumerProtocolAssignment(), topic, partitions);
    }

    /** The same, with something besides that only the assignor understands. */
    SyncGroupRequestAssignment getsWithUserData(String topic, Integer... partitions) {
        return gets(new ConsumerProtocolAssignment().userData(Bytes.wrap(new byte[] {1})), topic, partitions);
    }

    private SyncGroupRequestAssignment gets(ConsumerProtocolAssignment assignment, String topic, Integer... partitions) {
        assignment.assignedPartitions(List.of(new ConsumerProtocolAssignment.TopicPartition().topic(topic).partitions(List.of(partitions))));
        return new SyncGroupRequestAssignment().memberId(id).assignment(ConsumerProtocol.encode(assignment));
    }

    /** Commits an offset of the topic's first partition. */
    void commit(String step, String topic, int inGeneration) throws IOException {
        var partition = new OffsetCommitRequest.OffsetCommitRequestPartition().committedOffset(1);
        OffsetCommitRequest request = new OffsetCommitRequest().groupId(group).memberId(id).generationIdOrMemberEpoch(inGeneration).topics(List.of(
                new OffsetCommitRequest.OffsetCommitRequestTopic().name(topic).partitions(List.of(partition))));
        side.tell(step, 8, wire.ask(request, 8));
    }

    private HeartbeatRequest heartbeatRequest() {
        return new HeartbeatRequest().groupId(group).memberId(id).generationId(generation).groupInstanceId(instance);
    }

    void heartbeat(String step) throws IOException {
        heartbeat(step, HEARTBEAT);
    }

    void heartbeat(String step, int version) throws IOException {
        side.tell(step, version, wire.ask(heartbeatRequest(), version));
    }

    /** Sends heartbeats until one is answered so: what another member did is known to the coordinator then. */
    void awaitHeartbeat(ErrorCode expected) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        HeartbeatResponse answer = wire.ask(heartbeatRequest(), HEARTBEAT);
        while (answer.errorCode() != expected.code()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("still " + answer + " and not " + expected + " after " + PATIENCE);
            }
            answer = wire.ask(heartbeatRequest(), HEARTBEAT);
        }
    }

    void leave(String step) throws IOException {
        leave(step, LEAVE, new MemberIdentity().memberId(id).groupInstanceId(instance).reason("over"));
    }

    void leave(String step, int version, MemberIdentity... members) throws IOException {
        LeaveGroupRequest request = new LeaveGroupRequest().groupId(group);
        side.tell(step, version, wire.ask(version < 3 ? request.memberId(id) : request.members(List.of(members)), version));
    }

    /** Joins, if need be a second time with the id that it is given. */
    void joinAsNew(String step) throws IOException {
        if (join("first " + step) == ErrorCode.MEMBER_ID_REQUIRED) {
            join(step);
        }
    }

    /** Joins an empty group as its only member, and is given all. */
    Member becomeStable() throws IOException {
        joinAsNew("join");
        sync("sync", gets("all"));
        return this;
    }

    /** Everybody asks for its assignment, the leader last. */
    static void syncAll(String step, Member leader, Member... followers) throws IOException {
        for (Member follower : followers) {
            follower.sendSync(SYNC);
        }
        leader.sync(step, Stream.concat(Stream.of(leader), Stream.of(followers)).map(member -> member.gets(member.instance + "'s")).toArray(
                SyncGroupRequestAssignment[]::new));
        for (Member follower : followers) {
            follower.synced(step + ", follower", SYNC);
        }
    }
}
