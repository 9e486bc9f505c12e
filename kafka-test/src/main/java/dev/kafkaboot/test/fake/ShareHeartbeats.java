package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatResponse;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatResponse.Assignment;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatResponse.TopicPartitions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Decides what a ShareGroupHeartbeat means: joining, staying, leaving, or none of it (KIP-932). */
final class ShareHeartbeats {

    private static final int JOIN = 0;
    private static final int LEAVE = -1;

    private final FakeKafka cluster;
    private final GroupCoordinator coordinator;

    ShareHeartbeats(FakeKafka cluster) {
        this.cluster = cluster;
        this.coordinator = cluster.groupCoordinator();
    }

    /** What a heartbeat is answered with, by the group's coordinator. */
    ShareGroupHeartbeatResponse answer(ShareGroupHeartbeatRequest request, String clientId) {
        Problem problem = check(request);
        if (problem != null) {
            return failed(problem);
        }
        ShareGroup group = group(request.groupId(), /* mayCreate= */ request.memberEpoch() == JOIN);
        if (group == null) {
            return failed(new Problem(ErrorCode.GROUP_ID_NOT_FOUND, "There is no share group " + request.groupId()));
        }
        return request.memberEpoch() == LEAVE ? leave(group, request) : stay(group, request, clientId);
    }

    private static @Nullable Problem check(ShareGroupHeartbeatRequest request) {
        if (!ShareSessions.isMemberId(request.memberId())) {
            return Problem.of(ErrorCode.INVALID_REQUEST);
        }
        if (request.rackId() != null && request.rackId().isEmpty()) {
            return invalid("A rack that is given is not empty");
        }
        if (request.memberEpoch() < LEAVE) {
            return invalid("There is no epoch " + request.memberEpoch());
        }
        List<String> topics = request.subscribedTopicNames();
        boolean joinsForNothing = request.memberEpoch() == JOIN && (topics == null || topics.isEmpty());
        return joinsForNothing ? invalid("Who joins reads at least one topic") : null;
    }

    private @Nullable ShareGroup group(String id, boolean mayCreate) {
        Group group = coordinator.find(id);
        if (group instanceof ShareGroup shares) {
            return shares;
        }
        return group == null && mayCreate ? coordinator.createShare(id) : null;
    }

    private ShareGroupHeartbeatResponse stay(ShareGroup group, ShareGroupHeartbeatRequest request, String clientId) {
        String memberId = request.memberId();
        ShareGroupMember known = group.find(memberId);
        boolean joins = request.memberEpoch() == JOIN;
        if (known == null && group.size() >= cluster.settings().shares().maxSize()) {
            return failed(Problem.of(ErrorCode.GROUP_MAX_SIZE_REACHED));
        }
        if (known == null && !joins) {
            return unknown(request);
        }
        if (known != null && !joins && !known.mayBeIn(request.memberEpoch())) {
            return failed(new Problem(
                    ErrorCode.FENCED_MEMBER_EPOCH, "Member " + memberId + " is in epoch " + known.epoch() + ", not " + request.memberEpoch()));
        }
        boolean changed = group.heartbeat(memberId, request, clientId);
        ShareGroupMember member = Objects.requireNonNull(group.find(memberId));
        boolean tellsAll = joins || request.subscribedTopicNames() != null; // and so is told all
        return new ShareGroupHeartbeatResponse()
                .memberId(memberId)
                .memberEpoch(member.epoch())
                .heartbeatIntervalMs(group.heartbeatIntervalMillis())
                .assignment(tellsAll || changed ? new Assignment().topicPartitions(byTopic(member.assigned())) : null);
    }

    private static List<TopicPartitions> byTopic(NavigableSet<GroupPartition> partitions) {
        Map<Uuid, List<Integer>> byTopic = new LinkedHashMap<>();
        partitions.forEach(each -> byTopic.computeIfAbsent(each.topicId(), topic -> new ArrayList<>()).add(each.partition()));
        return byTopic.entrySet().stream()
                .map(topic -> new TopicPartitions().topicId(topic.getKey()).partitions(topic.getValue()))
                .toList();
    }

    private static ShareGroupHeartbeatResponse leave(ShareGroup group, ShareGroupHeartbeatRequest request) {
        ShareGroupMember member = group.find(request.memberId());
        if (member == null) {
            return unknown(request);
        }
        group.remove(member);
        return new ShareGroupHeartbeatResponse().memberId(member.id()).memberEpoch(LEAVE);
    }

    private static ShareGroupHeartbeatResponse unknown(ShareGroupHeartbeatRequest request) {
        return failed(new Problem(ErrorCode.UNKNOWN_MEMBER_ID, "Group " + request.groupId() + " has no member " + request.memberId()));
    }

    private static Problem invalid(String message) {
        return new Problem(ErrorCode.INVALID_REQUEST, message);
    }

    static ShareGroupHeartbeatResponse failed(Problem problem) {
        return new ShareGroupHeartbeatResponse().errorCode(problem.error().code()).errorMessage(problem.textIfOwn());
    }
}
