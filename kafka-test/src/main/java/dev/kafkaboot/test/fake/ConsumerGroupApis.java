package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ConsumerGroupDescribeRequest;
import dev.kafkaboot.protocol.message.ConsumerGroupDescribeResponse;
import dev.kafkaboot.protocol.message.ConsumerGroupDescribeResponse.Assignment;
import dev.kafkaboot.protocol.message.ConsumerGroupDescribeResponse.DescribedGroup;
import dev.kafkaboot.protocol.message.ConsumerGroupDescribeResponse.Member;
import dev.kafkaboot.protocol.message.ConsumerGroupDescribeResponse.TopicPartitions;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;

/** ConsumerGroupHeartbeat and ConsumerGroupDescribe (KIP-848). */
final class ConsumerGroupApis {

    /** What a member is that speaks the newer protocol, and not the classic one. */
    private static final byte CONSUMER_MEMBER = 1;
    private static final byte CLASSIC_MEMBER = 0;

    private final FakeKafka cluster;
    private final GroupCoordinator coordinator;
    private final ConsumerHeartbeats heartbeats;

    private ConsumerGroupApis(FakeKafka cluster) {
        this.cluster = cluster;
        this.coordinator = cluster.groupCoordinator();
        this.heartbeats = new ConsumerHeartbeats(cluster);
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        ConsumerGroupApis own = new ConsumerGroupApis(cluster);
        apis.add(new Api<>(
                ConsumerGroupHeartbeatRequest::new, own::heartbeat, (request, version, error) -> ConsumerHeartbeats.failed(Problem.of(error))));
        apis.add(new Api<>(ConsumerGroupDescribeRequest::new, own::describe, ConsumerGroupApis::describeFailure));
    }

    private void heartbeat(Exchange<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse> exchange) {
        ConsumerGroupHeartbeatRequest request = exchange.request();
        if (request.groupId().isEmpty()) {
            exchange.reply(ConsumerHeartbeats.failed(new Problem(ErrorCode.INVALID_REQUEST, "The group has no id")));
            return;
        }
        ErrorCode error = coordinator.check(request.groupId(), exchange.broker());
        if (error != ErrorCode.NONE) {
            exchange.reply(ConsumerHeartbeats.failed(Problem.of(error)));
            return;
        }
        String clientId = exchange.clientId() == null ? "" : exchange.clientId();
        exchange.reply(heartbeats.answer(request, exchange.version(), clientId));
    }

    // ---- describing

    private void describe(Exchange<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse> exchange) {
        boolean wantsOperations = exchange.request().includeAuthorizedOperations();
        exchange.reply(new ConsumerGroupDescribeResponse()
                .groups(exchange.request().groupIds().stream()
                        .map(id -> describe(id, exchange.broker()))
                        .map(group -> group.authorizedOperations(AuthorizedOperations.onGroup(wantsOperations, group.errorCode())))
                        .toList()));
    }

    private DescribedGroup describe(String id, FakeBroker broker) {
        ErrorCode error = coordinator.check(id, broker);
        if (error != ErrorCode.NONE) {
            return failed(id, Problem.of(error));
        }
        if (coordinator.find(id) instanceof ConsumerGroup group) {
            return describe(group);
        }
        return failed(id, new Problem(ErrorCode.GROUP_ID_NOT_FOUND, "There is no consumer group " + id));
    }

    private DescribedGroup describe(ConsumerGroup group) {
        return new DescribedGroup()
                .groupId(group.id())
                .groupState(group.stateName())
                .groupEpoch(group.epoch())
                .assignmentEpoch(group.assignmentEpoch())
                .assignorName(group.assignorName())
                .members(group.members().stream().map(member -> describe(group, member)).toList());
    }

    private Member describe(ConsumerGroup group, ConsumerMember member) {
        String regex = member.subscribedRegex();
        return new Member()
                .memberId(member.id())
                .instanceId(member.instanceId())
                .rackId(member.rackId())
                .memberEpoch(member.epoch())
                .clientId(member.clientId())
                .clientHost(ClassicMember.HOST)
                .subscribedTopicNames(List.copyOf(member.subscribedNames()))
                .subscribedTopicRegex(regex == null ? "" : regex)
                .assignment(assignment(member.held()))
                .targetAssignment(assignment(group.target(member.id())))
                .memberType(member.classic() == null ? CONSUMER_MEMBER : CLASSIC_MEMBER);
    }

    /** Partitions by the ids of their topics. */
    static Map<Uuid, List<Integer>> byTopic(NavigableSet<GroupPartition> partitions) {
        Map<Uuid, List<Integer>> byTopic = new LinkedHashMap<>();
        partitions.forEach(each -> byTopic.computeIfAbsent(each.topicId(), topic -> new ArrayList<>()).add(each.partition()));
        return byTopic;
    }

    private Assignment assignment(NavigableSet<GroupPartition> partitions) {
        List<TopicPartitions> topics = new ArrayList<>();
        byTopic(partitions).forEach((id, indexes) -> {
            FakeTopic topic = cluster.topics().find(id);
            if (topic != null) {
                topics.add(new TopicPartitions().topicId(id).topicName(topic.name()).partitions(indexes));
            }
        });
        return new Assignment().topicPartitions(topics);
    }

    private static ConsumerGroupDescribeResponse describeFailure(ConsumerGroupDescribeRequest request, short version, ErrorCode error) {
        return new ConsumerGroupDescribeResponse()
                .groups(request.groupIds().stream().map(id -> failed(id, Problem.of(error))).toList());
    }

    private static DescribedGroup failed(String id, Problem problem) {
        return new DescribedGroup().groupId(id).errorCode(problem.error().code()).errorMessage(problem.message());
    }
}
