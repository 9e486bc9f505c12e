package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.CoordinatorType;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.message.HeartbeatRequest;
import dev.kafkaboot.protocol.message.HeartbeatResponse;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.LeaveGroupRequest;
import dev.kafkaboot.protocol.message.LeaveGroupRequest.MemberIdentity;
import dev.kafkaboot.protocol.message.LeaveGroupResponse;
import dev.kafkaboot.protocol.message.SyncGroupRequest;
import dev.kafkaboot.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import dev.kafkaboot.protocol.message.SyncGroupResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.jspecify.annotations.Nullable;

/** The requests of a member to its coordinator. On the loop. */
final class GroupRequests {

    private static final Logger LOG = LoggerFactory.getLogger(GroupRequests.class);

    private static final String PROTOCOL_TYPE = "consumer";

    /** Coordinators write reasons to their logs (KIP-800). */
    private static final int LONGEST_REASON = 255;

    /** From this version on a leave names its members in a list (KIP-345). */
    private static final int FIRST_LEAVE_WITH_MEMBERS = 3;

    private final GroupCoordinator coordinator;
    private final @Nullable String instanceId;
    private final @Nullable String rack;
    private final Duration sessionTimeout;
    private final Duration rebalanceTimeout;
    private final Duration heartbeatInterval;

    /**
     * Requests to a coordinator.
     *
     * @param instanceId the static member's id (KIP-345), or null
     * @param rack where the member is, or null if it does not say
     * @param heartbeatInterval how often a coordinator that lets the member wait is asked whether it is there
     */
    GroupRequests(
            GroupCoordinator coordinator, @Nullable String instanceId, @Nullable String rack, Duration sessionTimeout, Duration rebalanceTimeout,
            Duration heartbeatInterval) {
        this.coordinator = coordinator;
        this.instanceId = instanceId;
        this.rack = rack;
        this.sessionTimeout = sessionTimeout;
        this.rebalanceTimeout = rebalanceTimeout;
        this.heartbeatInterval = heartbeatInterval;
    }

    /** The coordinator did not answer, or says that it is none: the next request looks for it. */
    void coordinatorIsLost() {
        coordinator.invalidate();
    }

    CompletableFuture<JoinGroupResponse> join(
            String memberId, List<PartitionAssignor> assignors, Collection<String> topics, Collection<TopicPartition> owned, int generation,
            String reason, Duration limit, AnswerWatch.Waiting waiting) {
        List<JoinGroupRequestProtocol> protocols = assignors.stream()
                .map(assignor -> new JoinGroupRequestProtocol()
                        .name(assignor.name())
                        .metadata(ConsumerProtocol.subscription(assignor, topics, owned, generation, rack)))
                .toList();
        JoinGroupRequest request = new JoinGroupRequest()
                .groupId(coordinator.groupId())
                .sessionTimeoutMs(millis(sessionTimeout))
                .rebalanceTimeoutMs(millis(rebalanceTimeout))
                .memberId(memberId)
                .groupInstanceId(instanceId)
                .protocolType(PROTOCOL_TYPE)
                .protocols(protocols)
                .reason(truncated(reason));
        // Whoever does not find the coordinator within a session must know it then: a cooperative member reads on meanwhile.
        return coordinator.find(atMostASession(limit))
                .thenCompose(node -> dispatchWatched(request, node.id(), limit, waiting));
    }

    private <R extends ResponseMessage> CompletableFuture<R> dispatchWatched(
            RequestMessage<R> request, int nodeId, Duration limit, AnswerWatch.Waiting waiting) {
        CompletableFuture<R> answer = coordinator.connections().dispatch(request, nodeId, RequestOptions.of(ConnectionClass.GROUP, limit));
        AnswerWatch.during(answer, coordinator, nodeId, heartbeatInterval, atMostASession(coordinator.requestTimeout()), waiting);
        return answer;
    }

    private Duration atMostASession(Duration time) {
        return time.compareTo(sessionTimeout) < 0 ? time : sessionTimeout;
    }

    private static int millis(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
    }

    CompletableFuture<SyncGroupResponse> sync(
            String memberId, int generation, String protocol, Map<String, byte[]> assignments, AnswerWatch.Waiting waiting) {
        SyncGroupRequest request = new SyncGroupRequest()
                .groupId(coordinator.groupId())
                .memberId(memberId)
                .groupInstanceId(instanceId)
                .generationId(generation)
                .protocolType(PROTOCOL_TYPE)
                .protocolName(protocol);
        assignments.forEach((member, assignment) ->
                request.assignments().add(new SyncGroupRequestAssignment().memberId(member).assignment(assignment)));
        Duration limit = rebalanceTimeout.plus(coordinator.requestTimeout());
        return coordinator.find(atMostASession(limit)).thenCompose(node -> dispatchWatched(request, node.id(), limit, waiting));
    }

    CompletableFuture<HeartbeatResponse> heartbeat(ConsumerGroupMetadata member) {
        HeartbeatRequest request = new HeartbeatRequest()
                .groupId(coordinator.groupId())
                .memberId(member.memberId())
                .groupInstanceId(instanceId)
                .generationId(member.generationId());
        RequestOptions options = RequestOptions.of(ConnectionClass.GROUP, atMostASession(coordinator.requestTimeout()));
        return coordinator.connections().dispatchToCoordinator(CoordinatorType.GROUP, coordinator.groupId(), request, options);
    }

    /**
     * Leaves, again for a while if the coordinator answers that it cannot take that now; does not fail, because the session would end by itself too. On the connection of the general requests: on the group's, it would wait behind a
     * join that is under way, and the other members with it.
     */
    CompletableFuture<Void> leave(String memberId, String reason) {
        return new CoordinatorAttempts<Void>(
                coordinator, "the coordinator of " + coordinator + " to let go", coordinator.requestTimeout(), ApiKey.LEAVE_GROUP) {

            @Override
            CompletableFuture<Void> attempt() {
                return this.<LeaveGroupResponse>send(version -> leaveRequest(memberId, reason, version)).handle((response, failure) -> {
                    if (response == null) { // where nobody answers, a close is not to wait for that
                        LOG.debug("{}: leaving was not answered: {}", coordinator, failure == null ? "no outcome" : failure.getMessage());
                        return null;
                    }
                    ErrorCode error = ErrorCode.forCode(response.errorCode());
                    if (error != ErrorCode.NONE && error != ErrorCode.UNKNOWN_MEMBER_ID) { // what is said of the member is that it is none already
                        throw refused(coordinator.toString(), error);
                    }
                    return null;
                });
            }
        }.start().exceptionally(failure -> {
            LOG.debug("{}: leaving came to nothing: {}", coordinator, failure.getMessage());
            return null;
        });
    }

    private LeaveGroupRequest leaveRequest(String memberId, String reason, int version) {
        LeaveGroupRequest request = new LeaveGroupRequest().groupId(coordinator.groupId());
        return version < FIRST_LEAVE_WITH_MEMBERS
                ? request.memberId(memberId)
                : request.members(List.of(new MemberIdentity().memberId(memberId).reason(truncated(reason))));
    }

    private static String truncated(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
    }
}
