package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.ProtocolException;
import dev.kafkaboot.protocol.message.ConsumerProtocolSubscription;
import dev.kafkaboot.protocol.message.HeartbeatRequest;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.LeaveGroupRequest.MemberIdentity;
import dev.kafkaboot.protocol.message.SyncGroupRequest;
import dev.kafkaboot.protocol.message.SyncGroupResponse;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the requests of the classic protocol mean in a consumer group that has members (KIP-848).
 *
 * <p>Nobody waits for anybody here, and nobody leads: a join is answered at once, with the member's epoch for a generation, and a sync with what the coordinator
 * gives. A heartbeat is answered {@code REBALANCE_IN_PROGRESS} when joining again would bring something: there is a newer assignment, or it has to say that it let
 * go of partitions, or partitions that it waits for are free.
 */
final class MixedGroups {

    private static final short FIRST_WITH_KNOWN_MEMBER_ID = 4;

    private final FakeKafka cluster;
    private final GroupMigrations migrations;

    MixedGroups(FakeKafka cluster) {
        this.cluster = cluster;
        this.migrations = cluster.groupCoordinator().migrations();
    }

    // ---- JoinGroup
    JoinGroupResponse join(ConsumerGroup group, JoinGroupRequest request, short version, String clientId) {
        boolean unnamed = request.memberId().isEmpty();
        String memberId = unnamed ? cluster.newUuid().toString() : request.memberId();
        if (group.size() >= cluster.settings().groups().maxSize() && group.find(memberId) == null) {
            return ClassicReplies.refused("", ErrorCode.GROUP_MAX_SIZE_REACHED);
        }
        if (!migrations.areAllowed() || !accepts(group, request)) {
            return ClassicReplies.refused("", ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        }
        if (unnamed && request.groupInstanceId() == null && version >= FIRST_WITH_KNOWN_MEMBER_ID) {
            return ClassicReplies.refused(memberId, ErrorCode.MEMBER_ID_REQUIRED);
        }
        ErrorCode error = unnamed ? ErrorCode.NONE : checkInstance(group, memberId, request.groupInstanceId());
        return error == ErrorCode.NONE ? join(group, request, memberId, version, clientId) : ClassicReplies.refused("", error);
    }

    /** Whether the member supports a protocol that all others support that speak the classic one. */
    private static boolean accepts(ConsumerGroup group, JoinGroupRequest request) {
        List<JoinGroupRequestProtocol> protocols = request.protocols();
        return request.protocolType().equals(ClassicGroup.CONSUMER_PROTOCOL)
                && protocols.stream().anyMatch(protocol -> group.members().stream()
                        .map(ConsumerMember::classic)
                        .allMatch(classic -> classic == null || classic.supports(protocol.name())));
    }

    private static ErrorCode checkInstance(ConsumerGroup group, String memberId, @Nullable String instanceId) {
        if (instanceId == null) {
            return ErrorCode.NONE;
        }
        ConsumerMember holder = group.findInstance(instanceId);
        if (holder == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return holder.id().equals(memberId) ? ErrorCode.NONE : ErrorCode.FENCED_INSTANCE_ID;
    }

    private JoinGroupResponse join(ConsumerGroup group, JoinGroupRequest request, String memberId, short version, String clientId) {
        ClassicPart classic = new ClassicPart(request.sessionTimeoutMs(), request.protocols());
        NavigableSet<GroupPartition> owned;
        try {
            owned = owned(classic.subscription());
        } catch (ProtocolException unreadable) {
            return ClassicReplies.refused("", ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        }
        String instanceId = request.groupInstanceId();
        ConsumerMember holder = instanceId == null ? null : group.findInstance(instanceId);
        boolean downgrades = holder != null && migrations.isDowngradeDue(group, holder);
        ConsumerMember member = member(group, memberId, instanceId, holder);
        boolean changed = member.update(classic, version == 0 ? request.sessionTimeoutMs() : request.rebalanceTimeoutMs(), clientId);
        if (downgrades) {
            group.replaced(member, changed, owned);
            migrations.downgrade(group, List.of(), /* rebalance= */ group.epoch() > group.assignmentEpoch());
        } else {
            group.joined(member, changed, owned);
        }
        return new JoinGroupResponse()
                .memberId(memberId)
                .generationId(member.epoch())
                .protocolType(ClassicGroup.CONSUMER_PROTOCOL)
                .protocolName(classic.protocolName());
    }

    private static ConsumerMember member(ConsumerGroup group, String memberId, @Nullable String instanceId, @Nullable ConsumerMember holder) {
        if (holder != null) {
            return holder.id().equals(memberId) ? holder : group.replace(holder, memberId);
        }
        ConsumerMember present = group.find(memberId);
        if (present != null) {
            return present;
        }
        ConsumerMember member = new ConsumerMember(memberId, instanceId);
        group.add(member);
        return member;
    }

    private NavigableSet<GroupPartition> owned(ConsumerProtocolSubscription subscription) {
        NavigableSet<GroupPartition> owned = new TreeSet<>();
        subscription.ownedPartitions().forEach(topic -> {
            FakeTopic found = cluster.topics().find(topic.topic());
            if (found != null) {
                topic.partitions().forEach(index -> owned.add(new GroupPartition(found.id(), index)));
            }
        });
        return owned;
    }

    // ---- SyncGroup and Heartbeat
    SyncGroupResponse sync(ConsumerGroup group, SyncGroupRequest request) {
        ConsumerMember member = group.find(request.memberId());
        ClassicPart classic = member == null ? null : member.classic();
        ErrorCode error = check(group, request.memberId(), request.groupInstanceId(), request.generationId());
        if (error != ErrorCode.NONE || member == null || classic == null) {
            return ClassicReplies.refused(error);
        }
        boolean otherType = request.protocolType() != null && !request.protocolType().equals(ClassicGroup.CONSUMER_PROTOCOL);
        if (otherType || request.protocolName() != null && !request.protocolName().equals(classic.protocolName())) {
            return ClassicReplies.refused(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        }
        if (group.assignmentEpoch() > member.epoch() && member.state() != ConsumerMember.State.UNREVOKED) {
            group.awaitRejoin(member);
            return ClassicReplies.refused(ErrorCode.REBALANCE_IN_PROGRESS);
        }
        group.synced(member);
        return new SyncGroupResponse()
                .protocolType(request.protocolType())
                .protocolName(request.protocolName())
                .assignment(migrations.assignment(member.assigned(), classic.version()));
    }

    ErrorCode heartbeat(ConsumerGroup group, HeartbeatRequest request) {
        ErrorCode error = check(group, request.memberId(), request.groupInstanceId(), request.generationId());
        ConsumerMember member = group.find(request.memberId());
        if (error != ErrorCode.NONE || member == null) {
            return error;
        }
        group.heartbeat(member);
        boolean mustJoin = member.epoch() < group.assignmentEpoch()
                || switch (member.state()) {
                    case STABLE -> false;
                    case UNREVOKED -> true;
                    case UNRELEASED -> !group.waitsForOthers(member);
                };
        if (mustJoin) {
            group.awaitRejoin(member);
        }
        return mustJoin ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    private static ErrorCode check(ConsumerGroup group, String memberId, @Nullable String instanceId, int generation) {
        ErrorCode instance = checkInstance(group, memberId, instanceId);
        if (instance != ErrorCode.NONE) {
            return instance;
        }
        ConsumerMember member = group.find(memberId);
        if (member == null || member.classic() == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return generation == member.epoch() ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
    }

    // ---- LeaveGroup: of members that speak either protocol
    /** Whether one may leave; the caller lets all leave at once that may. */
    static ErrorCode checkLeave(ConsumerGroup group, MemberIdentity identity) {
        String memberId = identity.memberId();
        if (identity.groupInstanceId() == null) {
            return group.find(memberId) == null ? ErrorCode.UNKNOWN_MEMBER_ID : ErrorCode.NONE;
        }
        ConsumerMember holder = group.findInstance(identity.groupInstanceId());
        if (holder == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return memberId.isEmpty() || holder.id().equals(memberId) ? ErrorCode.NONE : ErrorCode.FENCED_INSTANCE_ID;
    }

    /** The member that leaves. */
    static @Nullable ConsumerMember leaving(ConsumerGroup group, MemberIdentity identity) {
        String instanceId = identity.groupInstanceId();
        return instanceId == null ? group.find(identity.memberId()) : group.findInstance(instanceId);
    }
}
