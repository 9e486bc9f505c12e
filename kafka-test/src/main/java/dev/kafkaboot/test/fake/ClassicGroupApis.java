package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.HeartbeatRequest;
import dev.kafkaboot.protocol.message.HeartbeatResponse;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.SyncGroupRequest;
import dev.kafkaboot.protocol.message.SyncGroupResponse;
import org.jspecify.annotations.Nullable;

/** JoinGroup, SyncGroup and Heartbeat. */
final class ClassicGroupApis {

    /** From this version on SyncGroup must say which protocol it means (KIP-559). */
    private static final short FIRST_SYNC_WITH_PROTOCOL = 5;

    private final FakeKafka cluster;
    private final GroupCoordinator coordinator;
    private final ClassicJoins joins;
    private final MixedGroups mixed;

    private ClassicGroupApis(FakeKafka cluster) {
        this.cluster = cluster;
        this.coordinator = cluster.groupCoordinator();
        this.joins = new ClassicJoins(cluster);
        this.mixed = new MixedGroups(cluster);
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        ClassicGroupApis own = new ClassicGroupApis(cluster);
        apis.add(new Api<>(JoinGroupRequest::new, own::join, (request, version, error) -> own.joinFailure(request, version, error)));
        apis.add(new Api<>(SyncGroupRequest::new, own::sync, (request, version, error) -> ClassicReplies.refused(error)));
        apis.add(new Api<>(HeartbeatRequest::new, own::heartbeat, (request, version, error) -> heartbeatAnswer(error)));
    }

    // ---- JoinGroup

    private void join(Exchange<JoinGroupRequest, JoinGroupResponse> exchange) {
        JoinGroupRequest request = exchange.request();
        ErrorCode error = coordinator.check(request.groupId(), exchange.broker());
        if (error == ErrorCode.NONE && !isSessionTimeoutAllowed(request.sessionTimeoutMs())) {
            error = ErrorCode.INVALID_SESSION_TIMEOUT;
        }
        if (error != ErrorCode.NONE) {
            exchange.reply(joinFailure(request, exchange.version(), error));
            return;
        }
        Group group = coordinator.find(request.groupId());
        if (group == null && !request.memberId().isEmpty()) {
            exchange.reply(joinFailure(request, exchange.version(), ErrorCode.UNKNOWN_MEMBER_ID));
            return;
        }
        if (group instanceof ConsumerGroup consumers && !consumers.isEmpty()) {
            String clientId = exchange.clientId() == null ? "" : exchange.clientId();
            ClassicReplies.reply(exchange, mixed.join(consumers, request, exchange.version(), clientId));
            return;
        }
        // A consumer group that is empty becomes a classic one: its offsets stay.
        boolean fresh = group == null || group instanceof ConsumerGroup && group.isEmpty();
        ClassicGroup joined = fresh ? coordinator.createClassic(request.groupId()) : classic(group);
        if (joined == null) {
            exchange.reply(joinFailure(request, exchange.version(), ErrorCode.INCONSISTENT_GROUP_PROTOCOL));
            return;
        }
        coordinator.answers().after(() -> joins.join(joined, exchange));
    }

    private boolean isSessionTimeoutAllowed(int millis) {
        GroupSettings settings = cluster.settings().groups();
        return millis >= settings.minSessionTimeoutMillis() && millis <= settings.maxSessionTimeoutMillis();
    }

    private JoinGroupResponse joinFailure(JoinGroupRequest request, short version, ErrorCode error) {
        JoinGroupResponse response = ClassicReplies.refused(request.memberId(), error);
        return ClassicReplies.fit(response, version);
    }

    // ---- SyncGroup

    private void sync(Exchange<SyncGroupRequest, SyncGroupResponse> exchange) {
        SyncGroupRequest request = exchange.request();
        ErrorCode error = coordinator.check(request.groupId(), exchange.broker());
        if (error == ErrorCode.NONE && coordinator.find(request.groupId()) instanceof ConsumerGroup consumers && !consumers.isEmpty()) {
            exchange.reply(namesProtocol(request, exchange.version())
                    ? mixed.sync(consumers, request)
                    : ClassicReplies.refused(ErrorCode.INCONSISTENT_GROUP_PROTOCOL));
            return;
        }
        ClassicGroup group = find(request.groupId());
        if (error == ErrorCode.NONE) {
            error = group == null || group.isEmpty() ? ErrorCode.UNKNOWN_MEMBER_ID : checkSync(group, request, exchange.version());
        }
        if (error != ErrorCode.NONE || group == null) {
            exchange.reply(ClassicReplies.refused(error));
            return;
        }
        ClassicGroup synced = group;
        coordinator.answers().after(() -> synced.sync(exchange));
    }

    private static boolean namesProtocol(SyncGroupRequest request, short version) {
        return version < FIRST_SYNC_WITH_PROTOCOL || request.protocolType() != null && request.protocolName() != null;
    }

    private static ErrorCode checkSync(ClassicGroup group, SyncGroupRequest request, short version) {
        if (!namesProtocol(request, version)) {
            return ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
        }
        ErrorCode error = check(group, request.memberId(), request.groupInstanceId(), request.generationId());
        if (error != ErrorCode.NONE) {
            return error;
        }
        boolean sameProtocol = isConsistent(request.protocolType(), group.protocolType()) && isConsistent(request.protocolName(), group.protocolName());
        return sameProtocol ? ErrorCode.NONE : ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
    }

    private static boolean isConsistent(@Nullable String asked, @Nullable String own) {
        return asked == null || own == null || asked.equals(own);
    }

    // ---- Heartbeat

    private void heartbeat(Exchange<HeartbeatRequest, HeartbeatResponse> exchange) {
        HeartbeatRequest request = exchange.request();
        ErrorCode error = coordinator.check(request.groupId(), exchange.broker());
        if (error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS) {
            // Answered without knowing the member: it shall not leave a group that is about to be there again.
            error = ErrorCode.NONE;
        } else if (error == ErrorCode.NONE) {
            Group group = coordinator.find(request.groupId());
            error = group instanceof ConsumerGroup consumers ? mixed.heartbeat(consumers, request) : heartbeat(find(request.groupId()), request);
        }
        exchange.reply(heartbeatAnswer(error));
    }

    private static ErrorCode heartbeat(@Nullable ClassicGroup group, HeartbeatRequest request) {
        if (group == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode error = check(group, request.memberId(), request.groupInstanceId(), request.generationId());
        if (error == ErrorCode.NONE) {
            group.heartbeat(group.members().get(request.memberId()));
        }
        boolean mustJoin = error == ErrorCode.NONE && group.state() == ClassicState.PREPARING_REBALANCE;
        return mustJoin ? ErrorCode.REBALANCE_IN_PROGRESS : error;
    }

    private static HeartbeatResponse heartbeatAnswer(ErrorCode error) {
        return new HeartbeatResponse().errorCode(error.code());
    }

    // ---- the parts

    private static ErrorCode check(ClassicGroup group, String memberId, @Nullable String instanceId, int generation) {
        ErrorCode error = group.members().check(memberId, instanceId);
        return error == ErrorCode.NONE && generation != group.generation() ? ErrorCode.ILLEGAL_GENERATION : error;
    }

    private @Nullable ClassicGroup find(String groupId) {
        return classic(coordinator.find(groupId));
    }

    private static @Nullable ClassicGroup classic(@Nullable Group group) {
        return group instanceof ClassicGroup classic ? classic : null;
    }
}
