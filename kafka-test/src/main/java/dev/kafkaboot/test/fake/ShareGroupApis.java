package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ShareGroupDescribeRequest;
import dev.kafkaboot.protocol.message.ShareGroupDescribeResponse;
import dev.kafkaboot.protocol.message.ShareGroupDescribeResponse.Assignment;
import dev.kafkaboot.protocol.message.ShareGroupDescribeResponse.DescribedGroup;
import dev.kafkaboot.protocol.message.ShareGroupDescribeResponse.Member;
import dev.kafkaboot.protocol.message.ShareGroupDescribeResponse.TopicPartitions;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;

/** ShareGroupHeartbeat and ShareGroupDescribe (KIP-932). */
final class ShareGroupApis {

    private final FakeKafka cluster;
    private final GroupCoordinator coordinator;
    private final ShareHeartbeats heartbeats;

    private ShareGroupApis(FakeKafka cluster) {
        this.cluster = cluster;
        this.coordinator = cluster.groupCoordinator();
        this.heartbeats = new ShareHeartbeats(cluster);
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        ShareGroupApis own = new ShareGroupApis(cluster);
        apis.add(new Api<>(
                ShareGroupHeartbeatRequest::new, own::heartbeat, (request, version, error) -> ShareHeartbeats.failed(Problem.of(error))));
        apis.add(new Api<>(ShareGroupDescribeRequest::new, own::describe, ShareGroupApis::describeFailure));
    }

    private void heartbeat(Exchange<ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse> exchange) {
        ShareGroupHeartbeatRequest request = exchange.request();
        if (!ShareFeature.isOn(cluster.settings())) {
            exchange.reply(ShareHeartbeats.failed(Problem.of(ErrorCode.UNSUPPORTED_VERSION)));
            return;
        }
        if (request.groupId().isEmpty()) {
            exchange.reply(ShareHeartbeats.failed(new Problem(ErrorCode.INVALID_REQUEST, "The group has no id")));
            return;
        }
        ErrorCode error = coordinator.check(request.groupId(), exchange.broker());
        if (error != ErrorCode.NONE) {
            exchange.reply(ShareHeartbeats.failed(Problem.of(error)));
            return;
        }
        String clientId = exchange.clientId() == null ? "" : exchange.clientId();
        exchange.reply(heartbeats.answer(request, clientId));
    }

    // ---- describing

    private void describe(Exchange<ShareGroupDescribeRequest, ShareGroupDescribeResponse> exchange) {
        boolean wantsOperations = exchange.request().includeAuthorizedOperations();
        exchange.reply(new ShareGroupDescribeResponse()
                .groups(exchange.request().groupIds().stream()
                        .map(id -> describe(id, exchange.broker()))
                        .map(group -> group.authorizedOperations(AuthorizedOperations.onGroup(wantsOperations, group.errorCode())))
                        .toList()));
    }

    private DescribedGroup describe(String id, FakeBroker broker) {
        if (!ShareFeature.isOn(cluster.settings())) {
            return failed(id, Problem.of(ErrorCode.UNSUPPORTED_VERSION));
        }
        ErrorCode error = coordinator.check(id, broker);
        if (error != ErrorCode.NONE) {
            return failed(id, Problem.of(error));
        }
        if (coordinator.find(id) instanceof ShareGroup group) {
            return describe(group);
        }
        return failed(id, new Problem(ErrorCode.GROUP_ID_NOT_FOUND, "There is no share group " + id));
    }

    private DescribedGroup describe(ShareGroup group) {
        return new DescribedGroup()
                .groupId(group.id())
                .groupState(group.stateName())
                .groupEpoch(group.epoch())
                .assignmentEpoch(group.assignmentEpoch())
                .assignorName(ShareAssignor.NAME)
                .members(group.members().stream().map(this::describe).toList());
    }

    private Member describe(ShareGroupMember member) {
        return new Member()
                .memberId(member.id())
                .rackId(member.rackId())
                .memberEpoch(member.epoch())
                .clientId(member.clientId())
                .clientHost(ClassicMember.HOST)
                .subscribedTopicNames(List.copyOf(member.subscribedNames()))
                .assignment(assignment(member.assigned()));
    }

    private Assignment assignment(NavigableSet<GroupPartition> partitions) {
        Map<Uuid, List<Integer>> byTopic = new LinkedHashMap<>();
        partitions.forEach(each -> byTopic.computeIfAbsent(each.topicId(), topic -> new ArrayList<>()).add(each.partition()));
        List<TopicPartitions> topics = new ArrayList<>();
        byTopic.forEach((id, indexes) -> {
            FakeTopic topic = cluster.topics().find(id);
            if (topic != null) {
                topics.add(new TopicPartitions().topicId(id).topicName(topic.name()).partitions(indexes));
            }
        });
        return new Assignment().topicPartitions(topics);
    }

    private static ShareGroupDescribeResponse describeFailure(ShareGroupDescribeRequest request, short version, ErrorCode error) {
        return new ShareGroupDescribeResponse()
                .groups(request.groupIds().stream().map(id -> failed(id, Problem.of(error))).toList());
    }

    private static DescribedGroup failed(String id, Problem problem) {
        return new DescribedGroup().groupId(id).errorCode(problem.error().code()).errorMessage(problem.message());
    }
}
