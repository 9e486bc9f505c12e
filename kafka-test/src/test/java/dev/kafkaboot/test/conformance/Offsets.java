package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Transcript.error;
import static dev.kafkaboot.test.conformance.Transcript.time;

import dev.kafkaboot.protocol.message.DeleteRecordsRequest;
import dev.kafkaboot.protocol.message.DeleteRecordsRequest.DeleteRecordsPartition;
import dev.kafkaboot.protocol.message.DeleteRecordsRequest.DeleteRecordsTopic;
import dev.kafkaboot.protocol.message.ListOffsetsRequest;
import dev.kafkaboot.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaboot.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import dev.kafkaboot.protocol.message.ListOffsetsResponse;
import dev.kafkaboot.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import dev.kafkaboot.protocol.message.OffsetForLeaderEpochRequest;
import dev.kafkaboot.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderPartition;
import dev.kafkaboot.protocol.message.OffsetForLeaderEpochRequest.OffsetForLeaderTopic;
import java.io.IOException;
import java.util.List;

/** Asks where the first partition of a topic begins, ends, and is at a time or an epoch. */
final class Offsets {

    static final int NEWEST = 11;
    static final long LATEST = -1;
    static final long EARLIEST = -2;
    static final long LARGEST_TIMESTAMP = -3;

    private final Side side;

    Offsets(Side side) {
        this.side = side;
    }

    void list(String step, String topic, long timestamp) throws IOException {
        list(step, topic, new ListOffsetsPartition().timestamp(timestamp), NEWEST);
    }

    void list(String step, String topic, ListOffsetsPartition partition, int version) throws IOException {
        ListOffsetsPartitionResponse answer = only(side.ask(request(topic, partition), version));
        side.transcript().note(step + " v" + version, error(answer.errorCode()), answer.offset(), time(answer.timestamp()), answer.leaderEpoch());
    }

    /** Waits until a transaction's end has been written: the broker answers EndTxn before. */
    void awaitStable(String topic, long end) throws IOException {
        ListOffsetsRequest question = request(topic, new ListOffsetsPartition().timestamp(LATEST)).isolationLevel((byte) 1);
        side.askUntil(question, NEWEST, answer -> only(answer).offset() == end);
    }

    void listCommitted(String step, String topic) throws IOException {
        ListOffsetsRequest question = request(topic, new ListOffsetsPartition().timestamp(LATEST)).isolationLevel((byte) 1);
        ListOffsetsPartitionResponse answer = only(side.ask(question, NEWEST));
        side.transcript().note(step, error(answer.errorCode()), answer.offset(), answer.leaderEpoch());
    }

    void endOfEpoch(String topic, int epoch, int currentEpoch) throws IOException {
        var request = new OffsetForLeaderEpochRequest().replicaId(-1).topics(List.of(new OffsetForLeaderTopic().topic(topic).partitions(
                List.of(new OffsetForLeaderPartition().leaderEpoch(epoch).currentLeaderEpoch(currentEpoch)))));
        var answer = side.ask(request, 4).topics().get(0).partitions().get(0);
        side.transcript().note("end of " + epoch + " in " + currentEpoch, error(answer.errorCode()), answer.leaderEpoch(), answer.endOffset());
    }

    void deleteBefore(String topic, long offset) throws IOException {
        var request = new DeleteRecordsRequest().timeoutMs(5000).topics(List.of(
                new DeleteRecordsTopic().name(topic).partitions(List.of(new DeleteRecordsPartition().offset(offset)))));
        var answer = side.ask(request, 2).topics().get(0).partitions().get(0);
        side.transcript().note("delete before " + offset, error(answer.errorCode()), answer.lowWatermark());
    }

    private static ListOffsetsRequest request(String topic, ListOffsetsPartition partition) {
        return new ListOffsetsRequest().replicaId(-1).topics(
                List.of(new ListOffsetsTopic().name(topic).partitions(List.of(partition))));
    }

    private static ListOffsetsPartitionResponse only(ListOffsetsResponse answer) {
        return answer.topics().get(0).partitions().get(0);
    }
}
