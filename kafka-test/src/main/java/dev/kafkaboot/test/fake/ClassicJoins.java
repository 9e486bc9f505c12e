package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import java.util.List;
import java.util.UUID;

/** Decides what a JoinGroup request means for a classic group. */
final class ClassicJoins {

    /** From this version on a dynamic member joins with an id that it was given, so that a lost answer leaves no member behind (KIP-394). */
    private static final short FIRST_WITH_KNOWN_MEMBER_ID = 4;

    /** From this version on a leader can be told that its assignment is not wanted (KIP-814). */
    private static final short FIRST_WITH_SKIPPED_ASSIGNMENT = 9;

    private final FakeKafka cluster;

    ClassicJoins(FakeKafka cluster) {
        this.cluster = cluster;
    }

    /** Answers a join, now or when the group's next generation begins. */
    void join(ClassicGroup group, Exchange<JoinGroupRequest, JoinGroupResponse> exchange) {
        JoinGroupRequest request = exchange.request();
        boolean unknown = request.memberId().isEmpty();
        if (!hasRoomFor(group, request.memberId())) {
            group.takeOut(request.memberId());
            refuse(exchange, "", ErrorCode.GROUP_MAX_SIZE_REACHED);
        } else if (!group.accepts(request)) {
            refuse(exchange, request.memberId(), ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        } else if (unknown && request.groupInstanceId() != null) {
            joinStatic(group, exchange, request.groupInstanceId());
        } else if (unknown) {
            joinDynamic(group, exchange);
        } else if (group.members().pendingJoins().contains(request.memberId())) {
            add(group, exchange, request.memberId());
        } else {
            joinAgain(group, exchange);
        }
    }

    private boolean hasRoomFor(ClassicGroup group, String memberId) {
        int maxSize = cluster.settings().groups().maxSize();
        ClassicMember member = group.members().find(memberId);
        return switch (group.state()) {
            case EMPTY, DEAD -> true;
            // Who has joined first stays: so a group that is too large loses the last.
            case PREPARING_REBALANCE -> member != null && member.awaitsJoin() || group.members().awaitingJoin() < maxSize;
            case COMPLETING_REBALANCE, STABLE -> member != null || group.members().size() < maxSize;
        };
    }

    private void joinDynamic(ClassicGroup group, Exchange<JoinGroupRequest, JoinGroupResponse> exchange) {
        String clientId = exchange.clientId();
        String memberId = newId(clientId == null ? "" : clientId);
        if (exchange.version() >= FIRST_WITH_KNOWN_MEMBER_ID) {
            group.expect(memberId, exchange.request().sessionTimeoutMs());
            refuse(exchange, memberId, ErrorCode.MEMBER_ID_REQUIRED);
        } else {
            add(group, exchange, memberId);
        }
    }

    private void joinStatic(ClassicGroup group, Exchange<JoinGroupRequest, JoinGroupResponse> exchange, String instanceId) {
        String memberId = newId(instanceId);
        String holder = group.members().idOf(instanceId);
        if (holder == null) {
            add(group, exchange, memberId);
            return;
        }
        ClassicMember incarnation = group.replace(group.members().get(holder), memberId);
        update(incarnation, exchange);
        switch (group.state()) {
            case STABLE -> returned(group, incarnation, exchange, holder);
            // The leader may have been told of the old id: what it assigns would miss the new one.
            case COMPLETING_REBALANCE -> group.prepareRebalance();
            case PREPARING_REBALANCE -> group.rebalanceOrGoOn();
            case EMPTY, DEAD -> throw new IllegalStateException(group + " has no member " + holder);
        }
    }

    /** A static member is back in a stable group: it goes on with what it had, unless another protocol would be selected now. */
    private void returned(
            ClassicGroup group, ClassicMember incarnation, Exchange<JoinGroupRequest, JoinGroupResponse> exchange, String oldId) {
        if (!group.members().selectProtocol().equals(group.protocolName())) {
            group.prepareRebalance();
            return;
        }
        group.write();
        JoinGroupResponse response = group.joined(incarnation);
        boolean leads = group.members().isLeader(incarnation.id());
        if (exchange.version() >= FIRST_WITH_SKIPPED_ASSIGNMENT) {
            response.skipAssignment(leads);
        } else if (leads) {
            // Named by its old id, the leader takes itself for a follower and assigns nothing.
            response.leader(oldId).members(List.of());
        }
        group.answerJoin(incarnation, response);
    }

    private void joinAgain(ClassicGroup group, Exchange<JoinGroupRequest, JoinGroupResponse> exchange) {
        JoinGroupRequest request = exchange.request();
        ErrorCode error = group.members().check(request.memberId(), request.groupInstanceId());
        if (error != ErrorCode.NONE) {
            refuse(exchange, request.memberId(), error);
            return;
        }
        ClassicMember member = group.members().get(request.memberId());
        boolean changed = !member.matches(request.protocols());
        boolean rebalances = switch (group.state()) {
            case PREPARING_REBALANCE -> true;
            // Unchanged, it may have missed the answer.
            case COMPLETING_REBALANCE -> changed;
            // A leader that joins has seen something change that members do not tell, such as new partitions.
            case STABLE -> changed || group.members().isLeader(member.id());
            case EMPTY, DEAD -> throw new IllegalStateException(group + " has no member " + member.id());
        };
        if (rebalances) {
            update(member, exchange);
            group.rebalanceOrGoOn();
        } else {
            ClassicReplies.reply(exchange, group.joined(member));
        }
    }

    private void add(ClassicGroup group, Exchange<JoinGroupRequest, JoinGroupResponse> exchange, String memberId) {
        JoinGroupRequest request = exchange.request();
        String clientId = exchange.clientId();
        ClassicMember member = new ClassicMember(
                memberId, request.groupInstanceId(), clientId == null ? "" : clientId, request.protocols(), rebalanceTimeout(exchange),
                request.sessionTimeoutMs());
        member.awaitJoin(exchange);
        group.add(member, request.protocolType());
    }

    private static void update(ClassicMember member, Exchange<JoinGroupRequest, JoinGroupResponse> exchange) {
        JoinGroupRequest request = exchange.request();
        member.update(request.protocols(), rebalanceTimeout(exchange), request.sessionTimeoutMs());
        member.awaitJoin(exchange);
    }

    /** Version 0 knows one time-out only. */
    private static int rebalanceTimeout(Exchange<JoinGroupRequest, JoinGroupResponse> exchange) {
        return exchange.version() == 0 ? exchange.request().sessionTimeoutMs() : exchange.request().rebalanceTimeoutMs();
    }

    private String newId(String prefix) {
        Uuid random = cluster.newUuid();
        return prefix + "-" + new UUID(random.mostSignificantBits(), random.leastSignificantBits());
    }

    private static void refuse(Exchange<JoinGroupRequest, JoinGroupResponse> exchange, String memberId, ErrorCode error) {
        ClassicReplies.reply(exchange, ClassicReplies.refused(memberId, error));
    }
}
