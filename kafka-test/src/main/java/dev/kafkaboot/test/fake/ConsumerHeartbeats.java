package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatResponse;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatResponse.Assignment;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatResponse.TopicPartitions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decides what a ConsumerGroupHeartbeat means: joining, staying, leaving, or none of it. */
final class ConsumerHeartbeats {

    private static final int JOIN = 0;
    private static final int LEAVE = -1;
    private static final int NOT_SAID = -1;

    /** From this version on members choose their ids themselves (KIP-1082). */
    private static final short FIRST_WITH_OWN_MEMBER_ID = 1;

    private final FakeKafka cluster;
    private final GroupCoordinator coordinator;

    ConsumerHeartbeats(FakeKafka cluster) {
        this.cluster = cluster;
        this.coordinator = cluster.groupCoordinator();
    }

    /** What a heartbeat is answered with, by the group's coordinator. */
    ConsumerGroupHeartbeatResponse answer(ConsumerGroupHeartbeatRequest request, short version, String clientId) {
        Problem problem = check(request, version);
        if (problem != null) {
            return failed(problem);
        }
        boolean joins = request.memberEpoch() == JOIN;
        boolean upgrades = joins && coordinator.find(request.groupId()) instanceof ClassicGroup classic && !classic.isEmpty();
        Problem refusal = upgrades ? upgrade(request.groupId()) : null;
        if (refusal != null) {
            return failed(refusal);
        }
        ConsumerGroup group = group(request.groupId(), /* mayCreate= */ joins);
        if (group == null) {
            return failed(Problem.of(ErrorCode.GROUP_ID_NOT_FOUND));
        }
        return request.memberEpoch() < JOIN ? leave(group, request) : stay(group, request, clientId);
    }

    private static @Nullable Problem check(ConsumerGroupHeartbeatRequest request, short version) {
        int epoch = request.memberEpoch();
        boolean needsId = version >= FIRST_WITH_OWN_MEMBER_ID || epoch != JOIN;
        if (needsId && request.memberId().isEmpty()) {
            return invalid("The member has no id");
        }
        if (isEmpty(request.instanceId()) || isEmpty(request.rackId())) {
            return invalid("An instance id or a rack that is given is not empty");
        }
        if (epoch < ConsumerGroup.AWAY || epoch == ConsumerGroup.AWAY && request.instanceId() == null) {
            return invalid("There is no epoch " + epoch + " for a member that is not static");
        }
        if (epoch == JOIN && !isComplete(request)) {
            return invalid("Who joins tells the rebalance time-out and the subscription, and that it has no partitions");
        }
        if (request.serverAssignor() != null && ServerAssignor.find(request.serverAssignor()) == null) {
            List<String> names = ServerAssignor.ALL.stream().map(ServerAssignor::name).toList();
            return new Problem(ErrorCode.UNSUPPORTED_ASSIGNOR, "There is no assignor " + request.serverAssignor() + ", only " + names);
        }
        String regex = request.subscribedTopicRegex();
        boolean readable = regex == null || TopicRegex.isValid(regex);
        return readable ? null : new Problem(ErrorCode.INVALID_REGULAR_EXPRESSION, "This is no regular expression of RE2: " + regex);
    }

    private static boolean isComplete(ConsumerGroupHeartbeatRequest request) {
        boolean subscribes = request.subscribedTopicNames() != null || request.subscribedTopicRegex() != null;
        return request.rebalanceTimeoutMs() != NOT_SAID && subscribes && request.topicPartitions() != null && request.topicPartitions().isEmpty();
    }

    private static boolean isEmpty(@Nullable String text) {
        return text != null && text.isEmpty();
    }

    /** Makes a classic group a consumer group, or tells why not. */
    private @Nullable Problem upgrade(String groupId) {
        if (!(coordinator.find(groupId) instanceof ClassicGroup group)) {
            throw new IllegalStateException("There is no classic group " + groupId);
        }
        Problem problem = coordinator.migrations().checkUpgrade(group);
        if (problem == null) {
            coordinator.migrations().upgrade(group);
        }
        return problem;
    }

    private @Nullable ConsumerGroup group(String id, boolean mayCreate) {
        Group group = coordinator.find(id);
        if (group instanceof ConsumerGroup consumers) {
            return consumers;
        }
        boolean free = group == null || group.isEmpty() && !(group instanceof ShareGroup);
        return mayCreate && free ? coordinator.createConsumer(id) : null;
    }

    // ---- joining and staying

    private ConsumerGroupHeartbeatResponse stay(ConsumerGroup group, ConsumerGroupHeartbeatRequest request, String clientId) {
        if (group.size() >= cluster.settings().groups().maxSize() && group.find(request.memberId()) == null) {
            return failed(Problem.of(ErrorCode.GROUP_MAX_SIZE_REACHED));
        }
        NavigableSet<GroupPartition> owned = owned(request);
        ErrorCode error = checkMember(group, request, owned);
        if (error != ErrorCode.NONE) {
            return failed(Problem.of(error));
        }
        ConsumerMember member = member(group, request);
        boolean changed = group.heartbeat(member, request, clientId, owned);
        boolean full = request.memberEpoch() == JOIN
                || request.rebalanceTimeoutMs() != NOT_SAID && request.subscribedTopicNames() != null && owned != null;
        return new ConsumerGroupHeartbeatResponse()
                .memberId(member.id())
                .memberEpoch(member.epoch())
                .heartbeatIntervalMs(group.heartbeatIntervalMillis())
                .assignment(full || changed ? new Assignment().topicPartitions(byTopic(member.assigned())) : null);
    }

    private static ErrorCode checkMember(ConsumerGroup group, ConsumerGroupHeartbeatRequest request, @Nullable NavigableSet<GroupPartition> owned) {
        boolean joins = request.memberEpoch() == JOIN;
        ConsumerMember member = group.find(request.memberId());
        if (request.instanceId() != null) {
            ConsumerMember holder = group.findInstance(request.instanceId());
            if (joins) {
                boolean free = holder == null || holder.epoch() == ConsumerGroup.AWAY || holder.classic() != null;
                return free ? ErrorCode.NONE : ErrorCode.UNRELEASED_INSTANCE_ID;
            }
            if (holder != null && holder != member) {
                return ErrorCode.FENCED_INSTANCE_ID;
            }
            member = holder;
        }
        if (joins) {
            return ErrorCode.NONE;
        }
        return member == null ? ErrorCode.UNKNOWN_MEMBER_ID : checkEpoch(member, request.memberEpoch(), owned);
    }

    private static ErrorCode checkEpoch(ConsumerMember member, int epoch, @Nullable NavigableSet<GroupPartition> owned) {
        if (epoch == member.epoch()) {
            return ErrorCode.NONE;
        }
        // It may not have got the answer that told it of its new epoch.
        boolean missedAnAnswer = epoch < member.epoch() && epoch == member.previousEpoch() && owned != null && member.assigned().containsAll(owned);
        return missedAnAnswer ? ErrorCode.NONE : ErrorCode.FENCED_MEMBER_EPOCH;
    }

    private ConsumerMember member(ConsumerGroup group, ConsumerGroupHeartbeatRequest request) {
        String memberId = request.memberId().isEmpty() ? cluster.newUuid().toString() : request.memberId();
        String instanceId = request.instanceId();
        ConsumerMember holder = instanceId == null ? null : group.findInstance(instanceId);
        if (holder != null && request.memberEpoch() == JOIN) {
            return group.replace(holder, memberId);
        }
        ConsumerMember present = group.find(memberId);
        if (present != null) {
            return present;
        }
        ConsumerMember member = new ConsumerMember(memberId, instanceId);
        group.add(member);
        return member;
    }

    private static @Nullable NavigableSet<GroupPartition> owned(ConsumerGroupHeartbeatRequest request) {
        if (request.topicPartitions() == null) {
            return null;
        }
        NavigableSet<GroupPartition> owned = new TreeSet<>();
        request.topicPartitions()
                .forEach(topic -> topic.partitions().forEach(partition -> owned.add(new GroupPartition(topic.topicId(), partition))));
        return owned;
    }

    private static List<TopicPartitions> byTopic(NavigableSet<GroupPartition> partitions) {
        Map<Uuid, List<Integer>> byTopic = new LinkedHashMap<>();
        partitions.forEach(each -> byTopic.computeIfAbsent(each.topicId(), topic -> new ArrayList<>()).add(each.partition()));
        return byTopic.entrySet().stream()
                .map(topic -> new TopicPartitions().topicId(topic.getKey()).partitions(topic.getValue()))
                .toList();
    }

    // ---- leaving

    private ConsumerGroupHeartbeatResponse leave(ConsumerGroup group, ConsumerGroupHeartbeatRequest request) {
        ConsumerMember member = group.find(request.memberId());
        if (request.instanceId() != null) {
            ConsumerMember holder = group.findInstance(request.instanceId());
            if (holder != null && holder != member) {
                return failed(Problem.of(ErrorCode.FENCED_INSTANCE_ID));
            }
            member = holder;
        }
        if (member == null) {
            return failed(Problem.of(ErrorCode.UNKNOWN_MEMBER_ID));
        }
        if (request.memberEpoch() == LEAVE) {
            group.remove(member);
        } else {
            group.leaveForAWhile(member);
        }
        return new ConsumerGroupHeartbeatResponse().memberId(member.id()).memberEpoch(request.memberEpoch());
    }

    // ---- failing

    private static Problem invalid(String message) {
        return new Problem(ErrorCode.INVALID_REQUEST, message);
    }

    static ConsumerGroupHeartbeatResponse failed(Problem problem) {
        return new ConsumerGroupHeartbeatResponse().errorCode(problem.error().code()).errorMessage(problem.message());
    }
}
