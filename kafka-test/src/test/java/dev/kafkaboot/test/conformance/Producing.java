package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Transcript.error;
import static dev.kafkaboot.test.conformance.Transcript.text;
import static dev.kafkaboot.test.conformance.Transcript.time;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceRequest.PartitionProduceData;
import dev.kafkaboot.protocol.message.ProduceRequest.TopicProduceData;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.protocol.message.ProduceResponse.BatchIndexAndErrorMessage;
import dev.kafkaboot.protocol.message.ProduceResponse.PartitionProduceResponse;
import java.io.IOException;
import java.util.List;

/** Sends batches to the first partition of a topic. */
final class Producing {

    static final int NEWEST = 13;
    static final int ALL = -1;

    private final Side side;

    Producing(Side side) {
        this.side = side;
    }

    void send(String step, String topic, Bytes records) throws IOException {
        send(step, topic, records, NEWEST);
    }

    void send(String step, String topic, Bytes records, int version) throws IOException {
        send(step, request(topic, ALL, records), version);
    }

    void send(String step, ProduceRequest request, int version) throws IOException {
        PartitionProduceResponse answer = only(side.ask(request, version));
        side.transcript().note(step + " v" + version,
                error(answer.errorCode()), answer.baseOffset(), time(answer.logAppendTimeMs()), answer.logStartOffset(),
                answer.recordErrors().stream().map(BatchIndexAndErrorMessage::batchIndex).toList(), text(answer.errorMessage()),
                answer.currentLeader().leaderId(), answer.currentLeader().leaderEpoch());
    }

    /** Sends a batch to another partition than the first. */
    void sendTo(String step, String topic, int partition, Bytes records) throws IOException {
        ProduceRequest request = request(topic, ALL, records);
        request.topicData().get(0).partitionData().get(0).index(partition);
        send(step, request, NEWEST);
    }

    ProduceRequest request(String topic, int acks, Bytes records) {
        return new ProduceRequest()
                .acks((short) acks)
                .timeoutMs(5000)
                .topicData(List.of(new TopicProduceData()
                        .name(topic)
                        .topicId(side.idOf(topic))
                        .partitionData(List.of(new PartitionProduceData().index(0).records(records)))));
    }

    static PartitionProduceResponse only(ProduceResponse answer) {
        return answer.responses().get(0).partitionResponses().get(0);
    }
}
