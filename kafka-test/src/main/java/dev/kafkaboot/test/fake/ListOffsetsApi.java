package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ListOffsetsRequest;
import dev.kafkaboot.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaboot.protocol.message.ListOffsetsResponse;
import dev.kafkaboot.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import dev.kafkaboot.protocol.message.ListOffsetsResponse.ListOffsetsTopicResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** ListOffsets, from version 1 on. */
final class ListOffsetsApi {

    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;

    private static final int FIRST_WITH_EPOCH = 4;
    private static final byte READ_COMMITTED = 1;
    private static final long UNKNOWN = -1;

    /** Since which version a number stands for a place and not for a time. */
    private static final Map<Long, Integer> FIRST_VERSIONS = Map.of(
            LATEST, 1, EARLIEST, 1, MAX_TIMESTAMP, 7, EARLIEST_LOCAL, 8, LATEST_TIERED, 9, EARLIEST_PENDING_UPLOAD, 11);

    private final FakeKafka cluster;

    private ListOffsetsApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        apis.add(new Api<>(ListOffsetsRequest::new, new ListOffsetsApi(cluster)::list, ListOffsetsApi::failure));
    }

    private void list(Exchange<ListOffsetsRequest, ListOffsetsResponse> exchange) {
        ListOffsetsRequest request = exchange.request();
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new HashSet<>();
        request.topics().forEach(topic -> topic.partitions().forEach(partition -> {
            String name = topic.name() + "-" + partition.partitionIndex();
            if (!seen.add(name)) {
                repeated.add(name);
            }
        }));
        List<ListOffsetsTopicResponse> topics = request.topics().stream()
                .map(topic -> new ListOffsetsTopicResponse().name(topic.name()).partitions(topic.partitions().stream()
                        .map(asked -> repeated.contains(topic.name() + "-" + asked.partitionIndex())
                                ? failed(asked, ErrorCode.INVALID_REQUEST)
                                : find(exchange, topic.name(), asked))
                        .toList()))
                .toList();
        exchange.reply(new ListOffsetsResponse().topics(topics));
    }

    private ListOffsetsPartitionResponse find(
            Exchange<ListOffsetsRequest, ListOffsetsResponse> exchange, String topic, ListOffsetsPartition asked) {
        if (asked.timestamp() < 0 && FIRST_VERSIONS.getOrDefault(asked.timestamp(), Integer.MAX_VALUE) > exchange.version()) {
            return failed(asked, ErrorCode.UNSUPPORTED_VERSION);
        }
        FakePartition partition = cluster.topics().find(topic, asked.partitionIndex());
        if (partition == null) {
            return failed(asked, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        ErrorCode obstacle =
                ReplicaAccess.obstacle(partition, exchange.broker(), asked.currentLeaderEpoch(), /* onlyLeader= */ true);
        if (obstacle != ErrorCode.NONE) {
            return failed(asked, obstacle);
        }
        boolean committedOnly = exchange.request().isolationLevel() == READ_COMMITTED;
        ListOffsetsPartitionResponse answer = find(partition, asked, committedOnly);
        return exchange.version() < FIRST_WITH_EPOCH ? answer.leaderEpoch(LeaderEpochs.UNDEFINED_EPOCH) : answer;
    }

    private static ListOffsetsPartitionResponse find(FakePartition partition, ListOffsetsPartition asked, boolean committedOnly) {
        PartitionLog log = partition.log();
        long end = committedOnly ? log.lastStableOffset() : log.highWatermark();
        ListOffsetsPartitionResponse answer = new ListOffsetsPartitionResponse().partitionIndex(asked.partitionIndex());
        long timestamp = asked.timestamp();
        if (timestamp == LATEST) {
            return answer.offset(end).leaderEpoch(partition.leaderEpoch());
        }
        if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) {
            return answer.offset(log.startOffset()).leaderEpoch(log.epochs().of(log.startOffset()).orElse(LeaderEpochs.UNDEFINED_EPOCH));
        }
        if (timestamp == LATEST_TIERED || timestamp == EARLIEST_PENDING_UPLOAD) {
            return answer; // nothing is tiered here
        }
        Optional<PartitionLog.TimedOffset> found = timestamp == MAX_TIMESTAMP ? log.newestByTime() : log.firstSince(timestamp);
        return found.filter(record -> record.offset() < end)
                .map(record -> answer.offset(record.offset()).timestamp(record.timestamp()).leaderEpoch(record.leaderEpoch()))
                .orElse(answer);
    }

    private static ListOffsetsPartitionResponse failed(ListOffsetsPartition asked, ErrorCode error) {
        return new ListOffsetsPartitionResponse()
                .partitionIndex(asked.partitionIndex())
                .errorCode(error.code())
                .offset(UNKNOWN)
                .timestamp(UNKNOWN);
    }

    private static ListOffsetsResponse failure(ListOffsetsRequest request, short version, ErrorCode error) {
        return new ListOffsetsResponse().topics(request.topics().stream()
                .map(topic -> new ListOffsetsTopicResponse()
                        .name(topic.name())
                        .partitions(topic.partitions().stream().map(asked -> failed(asked, error)).toList()))
                .toList());
    }
}
