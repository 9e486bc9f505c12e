package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceRequest.PartitionProduceData;
import dev.kafkaboot.protocol.message.ProduceRequest.TopicProduceData;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.protocol.message.ProduceResponse.PartitionProduceResponse;
import java.util.List;
import java.util.Objects;

/** Requests about one partition, and the part of the answer that is about it. */
final class LogRequests {

    static final int ALL = -1;

    private LogRequests() {}

    static Uuid idOf(FakeKafka cluster, String topic) {
        return Objects.requireNonNull(cluster.topics().find(topic), topic).id();
    }

    static PartitionLog logOf(FakeKafka cluster, String topic) {
        return Objects.requireNonNull(cluster.topics().find(topic, 0), topic).log();
    }

    static ProduceRequest produce(FakeKafka cluster, String topic, int acks, Bytes records) {
        return produce(topic, idOf(cluster, topic), acks, records);
    }

    static ProduceRequest produce(String topic, Uuid id, int acks, Bytes records) {
        return new ProduceRequest()
                .acks((short) acks)
                .timeoutMs(1000)
                .topicData(List.of(new TopicProduceData()
                        .name(topic)
                        .topicId(id)
                        .partitionData(List.of(new PartitionProduceData().index(0).records(records)))));
    }

    static PartitionProduceResponse only(ProduceResponse response) {
        return response.responses().get(0).partitionResponses().get(0);
    }

    static ErrorCode error(short code) {
        return ErrorCode.forCode(code);
    }
}
