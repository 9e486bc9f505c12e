package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.OffsetForLeaderEpochRequest;
import dev.kafkaboot.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import dev.kafkaboot.protocol.message.OffsetForLeaderEpochResponse;
import dev.kafkaboot.protocol.message.OffsetForLeaderEpochResponse.EpochEndOffset;
import dev.kafkaboot.protocol.message.OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult;
import java.util.function.BiFunction;

/** OffsetForLeaderEpoch: where an epoch of a leader ended, by which a consumer sees whether the log was truncated under it (KIP-320). */
final class LeaderEpochApi {

    private final FakeKafka cluster;

    private LeaderEpochApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        apis.add(new Api<>(OffsetForLeaderEpochRequest::new, new LeaderEpochApi(cluster)::find, LeaderEpochApi::failure));
    }

    private void find(Exchange<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> exchange) {
        exchange.reply(each(exchange.request(), (topic, asked) -> find(exchange.broker(), topic, asked)));
    }

    private EpochEndOffset find(FakeBroker broker, String topic, OffsetForLeaderPartition asked) {
        FakePartition partition = cluster.topics().find(topic, asked.partition());
        ErrorCode obstacle = partition == null
                ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                : ReplicaAccess.obstacle(partition, broker, asked.currentLeaderEpoch(), /* onlyLeader= */ true);
        if (partition == null || obstacle != ErrorCode.NONE) {
            return failed(asked, obstacle);
        }
        LeaderEpochs.End end = partition.log().epochs().endOf(asked.leaderEpoch(), partition.log().endOffset());
        return new EpochEndOffset().partition(asked.partition()).leaderEpoch(end.epoch()).endOffset(end.offset());
    }

    private static EpochEndOffset failed(OffsetForLeaderPartition asked, ErrorCode error) {
        return new EpochEndOffset().partition(asked.partition()).errorCode(error.code());
    }

    private static OffsetForLeaderEpochResponse failure(OffsetForLeaderEpochRequest request, short version, ErrorCode error) {
        return each(request, (topic, asked) -> failed(asked, error));
    }

    private static OffsetForLeaderEpochResponse each(
            OffsetForLeaderEpochRequest request, BiFunction<String, OffsetForLeaderPartition, EpochEndOffset> answer) {
        return new OffsetForLeaderEpochResponse().topics(request.topics().stream()
                .map(topic -> new OffsetForLeaderTopicResult()
                        .topic(topic.topic())
                        .partitions(topic.partitions().stream().map(asked -> answer.apply(topic.topic(), asked)).toList()))
                .toList());
    }
}
