package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.CoordinatorType;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.ApiKey;
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

/** The requests of a member to its coordinator. On the loop. */
final class GroupRequests {

    private static final Logger LOG = LoggerFactory.getLogger(GroupRequests.class);

    private static final String PROTOCOL_TYPE = "consumer";

    /** From this version on a leave names its members in a list (KIP-345). */
    private static final int FIRST_LEAVE_WITH_MEMBERS = 3;

    private final ClientConnections connections;
    private final String groupId;
    private final Duration sessionTimeout;
    private final Duration rebalanceTimeout;
    private final Duration requestTimeout;

    GroupRequests(
            ClientConnections connections, String groupId, Duration sessionTimeout, Duration rebalanceTimeout, Duration requestTimeout) {
        this.connections = connections;
        this.groupId = groupId;
        this.sessionTimeout = sessionTimeout;
        this.rebalanceTimeout = rebalanceTimeout;
        this.requestTimeout = requestTimeout;
    }

    CompletableFuture<JoinGroupResponse> join(
            String memberId, List<PartitionAssignor> assignors, Collection<String> topics, Collection<TopicPartition> owned, int generation,
            String reason, Duration limit) {
        List<JoinGroupRequestProtocol> protocols = assignors.stream()
                .map(assignor -> new JoinGroupRequestProtocol()
                        .name(assignor.name())
                        .metadata(ConsumerProtocol.subscription(assignor, topics, owned, generation)))
                .toList();
        JoinGroupRequest request = new JoinGroupRequest()
                .groupId(groupId)
                .sessionTimeoutMs((int) sessionTimeout.toMillis())
                .rebalanceTimeoutMs((int) rebalanceTimeout.toMillis())
                .memberId(memberId)
                .protocolType(PROTOCOL_TYPE)
                .protocols(protocols)
                .reason(reason);
        // Whoever does not find the coordinator within a session must know it then: a cooperative member reads on meanwhile.
        Duration searchLimit = limit.compareTo(sessionTimeout) < 0 ? limit : sessionTimeout;
        return connections.coordinators().find(CoordinatorType.GROUP, groupId, searchLimit)
                .thenCompose(node -> connections.dispatch(request, node.id(), RequestOptions.of(ConnectionClass.GROUP, limit)));
    }

    CompletableFuture<SyncGroupResponse> sync(String memberId, int generation, String protocol, Map<String, byte[]> assignments) {
        SyncGroupRequest request = new SyncGroupRequest()
                .groupId(groupId)
                .memberId(memberId)
                .generationId(generation)
                .protocolType(PROTOCOL_TYPE)
                .protocolName(protocol);
        assignments.forEach((member, assignment) ->
                request.assignments().add(new SyncGroupRequestAssignment().memberId(member).assignment(assignment)));
        return connections.dispatchToCoordinator(
                CoordinatorType.GROUP, groupId, request, RequestOptions.of(ConnectionClass.GROUP, rebalanceTimeout.plus(requestTimeout)));
    }

    CompletableFuture<HeartbeatResponse> heartbeat(String memberId, int generation) {
        HeartbeatRequest request = new HeartbeatRequest().groupId(groupId).memberId(memberId).generationId(generation);
        Duration limit = requestTimeout.compareTo(sessionTimeout) < 0 ? requestTimeout : sessionTimeout;
        return connections.dispatchToCoordinator(
                CoordinatorType.GROUP, groupId, request, RequestOptions.of(ConnectionClass.GROUP, limit));
    }

    /** Leaves; does not fail, because the session would end by itself too. */
    CompletableFuture<Void> leave(String memberId, String reason) {
        RequestOptions options = RequestOptions.of(ConnectionClass.GROUP, requestTimeout);
        return connections.coordinators().find(CoordinatorType.GROUP, groupId, requestTimeout)
                .thenCompose(node -> connections.<LeaveGroupResponse>dispatch(
                        ApiKey.LEAVE_GROUP, version -> leaveRequest(memberId, reason, version), node.id(), options))
                .handle((response, failure) -> {
                    if (failure != null) {
                        LOG.debug("Group {}: leaving was not answered: {}", groupId, failure.getMessage());
                    }
                    return null;
                });
    }

    private LeaveGroupRequest leaveRequest(String memberId, String reason, int version) {
        LeaveGroupRequest request = new LeaveGroupRequest().groupId(groupId);
        return version < FIRST_LEAVE_WITH_MEMBERS
                ? request.memberId(memberId)
                : request.members(List.of(new MemberIdentity().memberId(memberId).reason(reason)));
    }
}
