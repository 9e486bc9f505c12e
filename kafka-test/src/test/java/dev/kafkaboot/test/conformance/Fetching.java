package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Transcript.error;

import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchRequest.FetchPartition;
import dev.kafkaboot.protocol.message.FetchRequest.FetchTopic;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.protocol.message.FetchResponse.PartitionData;
import java.io.IOException;
import java.util.List;

/** Reads the first partition of a topic. */
final class Fetching {

    static final int NEWEST = 18;

    private final Side side;

    Fetching(Side side) {
        this.side = side;
    }

    /** A partition from an offset on. */
    static FetchPartition from(long offset) {
        return new FetchPartition().fetchOffset(offset).partitionMaxBytes(1 << 20);
    }

    /** A request without a session that does not wait. */
    FetchRequest request(String topic, FetchPartition partition) {
        return empty().sessionEpoch(-1).topics(List.of(asked(topic, partition)));
    }

    /** A request for no partition. */
    static FetchRequest empty() {
        return new FetchRequest().replicaId(-1).minBytes(1).maxBytes(1 << 25).maxWaitMs(0);
    }

    FetchTopic asked(String topic, FetchPartition partition) {
        return new FetchTopic().topic(topic).topicId(side.idOf(topic)).partitions(List.of(partition));
    }

    FetchResponse fetch(String step, String topic, long offset) throws IOException {
        return fetch(step, request(topic, from(offset)), NEWEST);
    }

    FetchResponse fetchCommitted(String step, String topic, long offset) throws IOException {
        return fetch(step, request(topic, from(offset)).isolationLevel((byte) 1), NEWEST);
    }

    FetchResponse fetch(String step, FetchRequest request, int version) throws IOException {
        FetchResponse answer = side.ask(request, version);
        side.transcript().note(step + " v" + version,
                error(answer.errorCode()), session(answer.sessionId()), answer.nodeEndpoints().size(),
                answer.responses().stream().map(topic -> topic.partitions().stream().map(this::told).toList()).toList());
        return answer;
    }

    private Object session(int id) {
        return id == 0 ? "no session" : side.transcript().id("session", id);
    }

    private List<Object> told(PartitionData data) {
        return List.of(
                data.partitionIndex(), error(data.errorCode()), data.highWatermark(), data.lastStableOffset(), data.logStartOffset(),
                data.divergingEpoch().epoch(), data.divergingEpoch().endOffset(), data.preferredReadReplica(), aborted(data),
                data.records() == null ? "null" : data.records().size(), data.currentLeader().leaderId(), data.currentLeader().leaderEpoch());
    }

    private Object aborted(PartitionData data) {
        return data.abortedTransactions() == null
                ? "null"
                : data.abortedTransactions().stream()
                        .map(each -> side.transcript().id("producer", each.producerId()) + " from " + each.firstOffset())
                        .toList();
    }
}
