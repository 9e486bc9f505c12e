package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.AlterShareGroupOffsetsRequest;
import dev.kafkaboot.protocol.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestTopic;
import dev.kafkaboot.protocol.message.AlterShareGroupOffsetsResponse;
import dev.kafkaboot.protocol.message.AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponsePartition;
import dev.kafkaboot.protocol.message.AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponseTopic;
import dev.kafkaboot.protocol.message.DeleteShareGroupOffsetsRequest;
import dev.kafkaboot.protocol.message.DeleteShareGroupOffsetsResponse;
import dev.kafkaboot.protocol.message.DeleteShareGroupOffsetsResponse.DeleteShareGroupOffsetsResponseTopic;
import dev.kafkaboot.protocol.message.DescribeShareGroupOffsetsRequest;
import dev.kafkaboot.protocol.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup;
import dev.kafkaboot.protocol.message.DescribeShareGroupOffsetsResponse;
import dev.kafkaboot.protocol.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup;
import dev.kafkaboot.protocol.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition;
import dev.kafkaboot.protocol.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseTopic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** DescribeShareGroupOffsets, AlterShareGroupOffsets and DeleteShareGroupOffsets (KIP-932, KIP-1226). */
final class ShareOffsetsApis {

    private static final long UNKNOWN = -1;

    private final FakeKafka cluster;
    private final GroupCoordinator coordinator;

    private ShareOffsetsApis(FakeKafka cluster) {
        this.cluster = cluster;
        this.coordinator = cluster.groupCoordinator();
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        ShareOffsetsApis own = new ShareOffsetsApis(cluster);
        apis.add(new Api<>(DescribeShareGroupOffsetsRequest::new, own::describe, ShareOffsetsApis::describeFailure));
        apis.add(new Api<>(AlterShareGroupOffsetsRequest::new, own::alter, (request, version, error) -> alterFailure(Problem.of(error))));
        apis.add(new Api<>(DeleteShareGroupOffsetsRequest::new, own::delete, (request, version, error) -> deleteFailure(Problem.of(error))));
    }

    // ---- describing

    private void describe(Exchange<DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse> exchange) {
        exchange.reply(new DescribeShareGroupOffsetsResponse()
                .groups(exchange.request().groups().stream().map(group -> describe(group, exchange.broker())).toList()));
    }

    private DescribeShareGroupOffsetsResponseGroup describe(DescribeShareGroupOffsetsRequestGroup asked, FakeBroker broker) {
        ErrorCode error = check(asked.groupId(), broker);
        DescribeShareGroupOffsetsResponseGroup answer = new DescribeShareGroupOffsetsResponseGroup().groupId(asked.groupId());
        if (error != ErrorCode.NONE) {
            return answer.errorCode(error.code()).errorMessage(error.message());
        }
        if (asked.topics() == null) {
            return answer.topics(describeAll(asked.groupId()));
        }
        if (asked.groupId().isEmpty()) {
            // That is what brokers of 4.3 make of it.
            return answer.errorCode(ErrorCode.UNKNOWN_SERVER_ERROR.code()).errorMessage(ErrorCode.UNKNOWN_SERVER_ERROR.message());
        }
        return answer.topics(asked.topics().stream()
                .map(topic -> new DescribeShareGroupOffsetsResponseTopic()
                        .topicName(topic.topicName())
                        .topicId(idOf(topic.topicName()))
                        .partitions(topic.partitions().stream()
                                .map(index -> describe(index, cluster.shareStates()
                                        .find(asked.groupId(), new GroupPartition(idOf(topic.topicName()), index))))
                                .toList()))
                .toList());
    }

    private List<DescribeShareGroupOffsetsResponseTopic> describeAll(String groupId) {
        Map<FakeTopic, List<DescribeShareGroupOffsetsResponsePartition>> byTopic = new LinkedHashMap<>();
        for (SharePartition shared : cluster.shareStates().all(groupId)) {
            FakePartition partition = shared.partition();
            byTopic.computeIfAbsent(partition.topic(), topic -> new ArrayList<>()).add(describe(partition.index(), shared));
        }
        return byTopic.entrySet().stream()
                .map(topic -> new DescribeShareGroupOffsetsResponseTopic()
                        .topicName(topic.getKey().name())
                        .topicId(topic.getKey().id())
                        .partitions(topic.getValue()))
                .toList();
    }

    /** Of a partition that the group does not read, or has not read yet, there is nothing to tell, and that is no error. */
    private static DescribeShareGroupOffsetsResponsePartition describe(int index, @Nullable SharePartition shared) {
        boolean known = shared != null && shared.writtenStart() != UNKNOWN;
        return new DescribeShareGroupOffsetsResponsePartition()
                .partitionIndex(index)
                .startOffset(shared == null ? UNKNOWN : shared.writtenStart())
                .leaderEpoch(known && shared != null ? shared.partition().leaderEpoch() : 0)
                .lag(shared == null ? UNKNOWN : shared.lag());
    }

    private static DescribeShareGroupOffsetsResponse describeFailure(DescribeShareGroupOffsetsRequest request, short version, ErrorCode error) {
        return new DescribeShareGroupOffsetsResponse()
                .groups(request.groups().stream()
                        .map(group -> new DescribeShareGroupOffsetsResponseGroup()
                                .groupId(group.groupId())
                                .errorCode(error.code())
                                .errorMessage(error.message()))
                        .toList());
    }

    // ---- altering: of a group that nobody reads in

    private void alter(Exchange<AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse> exchange) {
        AlterShareGroupOffsetsRequest request = exchange.request();
        ErrorCode error = checkNamed(request.groupId(), exchange.broker());
        Group group = coordinator.find(request.groupId());
        if (error == ErrorCode.NONE && group != null) {
            error = checkEmpty(group);
        }
        if (error != ErrorCode.NONE) {
            exchange.reply(alterFailure(Problem.of(error)));
            return;
        }
        boolean altersAny = request.topics().stream().anyMatch(topic -> topic.partitions().stream()
                .anyMatch(partition -> cluster.topics().find(topic.topicName(), partition.partitionIndex()) != null));
        if (group == null && altersAny) {
            coordinator.createShare(request.groupId());
        }
        exchange.reply(new AlterShareGroupOffsetsResponse()
                .responses(request.topics().stream().map(topic -> alter(request.groupId(), topic)).toList()));
    }

    private AlterShareGroupOffsetsResponseTopic alter(String groupId, AlterShareGroupOffsetsRequestTopic topic) {
        return new AlterShareGroupOffsetsResponseTopic()
                .topicName(topic.topicName())
                .topicId(idOf(topic.topicName()))
                .partitions(topic.partitions().stream()
                        .map(partition -> alter(groupId, topic.topicName(), partition.partitionIndex(), partition.startOffset()))
                        .toList());
    }

    private AlterShareGroupOffsetsResponsePartition alter(String groupId, String topic, int index, long offset) {
        AlterShareGroupOffsetsResponsePartition answer = new AlterShareGroupOffsetsResponsePartition().partitionIndex(index);
        FakePartition partition = cluster.topics().find(topic, index);
        if (partition == null) {
            ErrorCode unknown = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            return answer.errorCode(unknown.code()).errorMessage(unknown.message());
        }
        cluster.shareStates().initialize(groupId, partition).restart(offset);
        return answer;
    }

    private static AlterShareGroupOffsetsResponse alterFailure(Problem problem) {
        return new AlterShareGroupOffsetsResponse().errorCode(problem.error().code()).errorMessage(problem.message());
    }

    // ---- deleting

    private void delete(Exchange<DeleteShareGroupOffsetsRequest, DeleteShareGroupOffsetsResponse> exchange) {
        DeleteShareGroupOffsetsRequest request = exchange.request();
        ErrorCode error = checkNamed(request.groupId(), exchange.broker());
        Group group = coordinator.find(request.groupId());
        if (error == ErrorCode.NONE) {
            error = group == null ? ErrorCode.GROUP_ID_NOT_FOUND : checkEmpty(group);
        }
        if (error != ErrorCode.NONE || !(group instanceof ShareGroup shares)) {
            exchange.reply(deleteFailure(Problem.of(error)));
            return;
        }
        exchange.reply(new DeleteShareGroupOffsetsResponse()
                .responses(request.topics().stream().map(topic -> delete(shares, topic.topicName())).toList()));
    }

    private DeleteShareGroupOffsetsResponseTopic delete(ShareGroup group, String name) {
        DeleteShareGroupOffsetsResponseTopic answer = new DeleteShareGroupOffsetsResponseTopic().topicName(name);
        FakeTopic topic = cluster.topics().find(name);
        if (topic == null || !cluster.shareStates().forget(group.id(), topic.id())) {
            ErrorCode unknown = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            return answer.errorCode(unknown.code()).errorMessage(unknown.message());
        }
        group.forget(topic);
        return answer.topicId(topic.id());
    }

    private static DeleteShareGroupOffsetsResponse deleteFailure(Problem problem) {
        return new DeleteShareGroupOffsetsResponse().errorCode(problem.error().code()).errorMessage(problem.message());
    }

    // ---- all three

    private ErrorCode check(String groupId, FakeBroker broker) {
        return ShareFeature.isOn(cluster.settings()) ? coordinator.checkAlsoUnnamed(groupId, broker) : ErrorCode.UNSUPPORTED_VERSION;
    }

    /** Nothing is altered of a group without a name, though it can be described. */
    private ErrorCode checkNamed(String groupId, FakeBroker broker) {
        ErrorCode error = check(groupId, broker);
        return error == ErrorCode.NONE && groupId.isEmpty() ? ErrorCode.INVALID_GROUP_ID : error;
    }

    private static ErrorCode checkEmpty(Group group) {
        if (!(group instanceof ShareGroup)) {
            return ErrorCode.GROUP_ID_NOT_FOUND;
        }
        return group.isEmpty() ? ErrorCode.NONE : ErrorCode.NON_EMPTY_GROUP;
    }

    private Uuid idOf(String topic) {
        FakeTopic found = cluster.topics().find(topic);
        return found == null ? Uuid.ZERO : found.id();
    }
}
