package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsRequest;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsRequest.TopicRequest;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsResponse;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsResponse.Cursor;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** DescribeTopicPartitions: topics page by page, in the order of their names (KIP-966). */
final class DescribeTopicPartitionsApi {

    /** max.request.partition.size.limit of a broker that is not configured. */
    private static final int LIMIT = 2000;

    private final FakeKafka cluster;

    private DescribeTopicPartitionsApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        DescribeTopicPartitionsApi own = new DescribeTopicPartitionsApi(cluster);
        apis.add(new Api<>(DescribeTopicPartitionsRequest::new, own::describe, DescribeTopicPartitionsApi::failure));
    }

    private void describe(Exchange<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse> exchange) {
        DescribeTopicPartitionsRequest request = exchange.request();
        DescribeTopicPartitionsRequest.Cursor cursor = request.cursor();
        boolean isAsked = cursor == null || names(request).contains(cursor.topicName());
        if (cursor != null && (cursor.partitionIndex() < 0 || !isAsked)) {
            exchange.reply(failure(request, exchange.version(), ErrorCode.INVALID_REQUEST));
            return;
        }
        String firstTopic = cursor == null ? "" : cursor.topicName();
        List<DescribeTopicPartitionsResponseTopic> described = new ArrayList<>();
        Cursor next = null;
        int left = Math.min(LIMIT, Math.max(1, request.responsePartitionLimit()));
        for (String name : names(request).tailSet(firstTopic, /* inclusive= */ true)) {
            int begin = cursor != null && name.equals(firstTopic) ? cursor.partitionIndex() : 0;
            FakeTopic topic = cluster.topics().find(name);
            int size = topic == null ? 0 : topic.partitions().size();
            if (left == 0) {
                next = new Cursor().topicName(name).partitionIndex(begin);
                break;
            }
            int end = Math.min(size, begin + left);
            described.add(topic == null ? unknown(name) : describe(topic, begin, end));
            left -= Math.max(0, end - begin);
            if (end < size) {
                next = new Cursor().topicName(name).partitionIndex(end);
                break;
            }
        }
        described.forEach(topic -> topic.topicAuthorizedOperations(AuthorizedOperations.onTopic(/* asked= */ true)));
        exchange.reply(new DescribeTopicPartitionsResponse().topics(described).nextCursor(next));
    }

    private NavigableSet<String> names(DescribeTopicPartitionsRequest request) {
        NavigableSet<String> names = new TreeSet<>();
        request.topics().forEach(topic -> names.add(topic.name()));
        if (request.topics().isEmpty()) {
            cluster.allTopics().forEach(topic -> names.add(topic.name()));
        }
        return names;
    }

    private DescribeTopicPartitionsResponseTopic describe(FakeTopic topic, int begin, int end) {
        return new DescribeTopicPartitionsResponseTopic()
                .name(topic.name())
                .topicId(topic.id())
                .isInternal(topic.isInternal())
                .partitions(topic.partitions().subList(Math.min(begin, end), end).stream().map(this::describe).toList());
    }

    private DescribeTopicPartitionsResponsePartition describe(FakePartition partition) {
        boolean led = partition.leader() != FakePartition.NO_LEADER && cluster.isKnown(partition.leader());
        return new DescribeTopicPartitionsResponsePartition()
                .errorCode((led ? ErrorCode.NONE : ErrorCode.LEADER_NOT_AVAILABLE).code())
                .partitionIndex(partition.index())
                .leaderId(partition.leader())
                .leaderEpoch(partition.leaderEpoch())
                .replicaNodes(partition.replicas())
                .isrNodes(List.copyOf(partition.inSync()))
                .eligibleLeaderReplicas(List.of())
                .lastKnownElr(List.of())
                .offlineReplicas(partition.replicas().stream().filter(id -> !cluster.isRunning(id)).toList());
    }

    private static DescribeTopicPartitionsResponseTopic unknown(String name) {
        return failed(name, ClusterApis.unknown(name));
    }

    private static DescribeTopicPartitionsResponseTopic failed(@Nullable String name, ErrorCode error) {
        return new DescribeTopicPartitionsResponseTopic().name(name).errorCode(error.code());
    }

    private static DescribeTopicPartitionsResponse failure(DescribeTopicPartitionsRequest request, short version, ErrorCode error) {
        return new DescribeTopicPartitionsResponse()
                .topics(request.topics().stream().map(TopicRequest::name).map(name -> failed(name, error)).toList());
    }
}
