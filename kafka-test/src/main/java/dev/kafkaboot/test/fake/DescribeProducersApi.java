package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.DescribeProducersRequest;
import dev.kafkaboot.protocol.message.DescribeProducersResponse;
import dev.kafkaboot.protocol.message.DescribeProducersResponse.PartitionResponse;
import dev.kafkaboot.protocol.message.DescribeProducersResponse.TopicResponse;
import java.util.function.BiFunction;

/** DescribeProducers: whom a partition's leader knows (KIP-664). */
final class DescribeProducersApi {

    private final FakeKafka cluster;

    private DescribeProducersApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        apis.add(new Api<>(DescribeProducersRequest::new, new DescribeProducersApi(cluster)::describe, DescribeProducersApi::failure));
    }

    private void describe(Exchange<DescribeProducersRequest, DescribeProducersResponse> exchange) {
        exchange.reply(each(exchange.request(), (topic, index) -> describe(exchange.broker(), topic, index)));
    }

    private PartitionResponse describe(FakeBroker broker, String topic, int index) {
        FakePartition partition = cluster.topics().find(topic, index);
        if (partition == null) {
            return failed(index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (partition.leader() != broker.id()) {
            return failed(index, ErrorCode.NOT_LEADER_OR_FOLLOWER);
        }
        return new PartitionResponse().partitionIndex(index).activeProducers(partition.log().producers().stream()
                .map(state -> new DescribeProducersResponse.ProducerState()
                        .producerId(state.producerId())
                        .producerEpoch(state.epoch())
                        .lastSequence(state.lastSequence())
                        .lastTimestamp(state.lastTimestamp())
                        .coordinatorEpoch(state.coordinatorEpoch())
                        .currentTxnStartOffset(state.transactionStart()))
                .toList());
    }

    private static PartitionResponse failed(int index, ErrorCode error) {
        return new PartitionResponse().partitionIndex(index).errorCode(error.code());
    }

    private static DescribeProducersResponse failure(DescribeProducersRequest request, short version, ErrorCode error) {
        return each(request, (topic, index) -> failed(index, error));
    }

    private static DescribeProducersResponse each(DescribeProducersRequest request, BiFunction<String, Integer, PartitionResponse> answer) {
        return new DescribeProducersResponse().topics(request.topics().stream()
                .map(topic -> new TopicResponse()
                        .name(topic.name())
                        .partitions(topic.partitionIndexes().stream().map(index -> answer.apply(topic.name(), index)).toList()))
                .toList());
    }
}
