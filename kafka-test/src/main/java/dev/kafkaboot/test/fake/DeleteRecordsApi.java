package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.DeleteRecordsRequest;
import dev.kafkaboot.protocol.message.DeleteRecordsRequest.DeleteRecordsPartition;
import dev.kafkaboot.protocol.message.DeleteRecordsResponse;
import dev.kafkaboot.protocol.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import dev.kafkaboot.protocol.message.DeleteRecordsResponse.DeleteRecordsTopicResult;
import java.util.function.BiFunction;

/** DeleteRecords: moves the beginning of logs (KIP-107). */
final class DeleteRecordsApi {

    private static final long HIGH_WATERMARK = -1;
    private static final long UNKNOWN = -1;

    private final FakeKafka cluster;

    private DeleteRecordsApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        apis.add(new Api<>(DeleteRecordsRequest::new, new DeleteRecordsApi(cluster)::delete, DeleteRecordsApi::failure));
    }

    private void delete(Exchange<DeleteRecordsRequest, DeleteRecordsResponse> exchange) {
        exchange.reply(each(exchange.request(), (topic, asked) -> delete(exchange.broker(), topic, asked)));
    }

    private DeleteRecordsPartitionResult delete(FakeBroker broker, String topic, DeleteRecordsPartition asked) {
        FakePartition partition = cluster.topics().find(topic, asked.partitionIndex());
        if (partition == null) {
            return failed(asked, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (partition.topic().isInternal()) {
            return failed(asked, ErrorCode.INVALID_TOPIC_EXCEPTION);
        }
        if (partition.leader() != broker.id()) {
            return failed(asked, ErrorCode.NOT_LEADER_OR_FOLLOWER);
        }
        PartitionLog log = partition.log();
        if (!log.topic().isDeletedFrom()) {
            return failed(asked, ErrorCode.POLICY_VIOLATION);
        }
        try {
            log.deleteBefore(asked.offset() == HIGH_WATERMARK ? log.highWatermark() : asked.offset());
        } catch (RefusedException refused) {
            return failed(asked, refused.error());
        }
        return new DeleteRecordsPartitionResult().partitionIndex(asked.partitionIndex()).lowWatermark(log.startOffset());
    }

    private static DeleteRecordsPartitionResult failed(DeleteRecordsPartition asked, ErrorCode error) {
        return new DeleteRecordsPartitionResult().partitionIndex(asked.partitionIndex()).errorCode(error.code()).lowWatermark(UNKNOWN);
    }

    private static DeleteRecordsResponse failure(DeleteRecordsRequest request, short version, ErrorCode error) {
        return each(request, (topic, asked) -> failed(asked, error));
    }

    private static DeleteRecordsResponse each(
            DeleteRecordsRequest request, BiFunction<String, DeleteRecordsPartition, DeleteRecordsPartitionResult> answer) {
        return new DeleteRecordsResponse().topics(request.topics().stream()
                .map(topic -> new DeleteRecordsTopicResult()
                        .name(topic.name())
                        .partitions(topic.partitions().stream().map(asked -> answer.apply(topic.name(), asked)).toList()))
                .toList());
    }
}
