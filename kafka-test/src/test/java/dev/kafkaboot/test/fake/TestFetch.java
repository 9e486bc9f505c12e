package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchRequest.FetchPartition;
import dev.kafkaboot.protocol.message.FetchRequest.FetchTopic;
import dev.kafkaboot.protocol.message.FetchRequest.ForgottenTopic;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.protocol.message.FetchResponse.PartitionData;
import dev.kafkaboot.record.DecompressionLimits;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordBatches;
import dev.kafkaboot.record.RecordCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A Fetch request in the making, and what its answer holds. */
final class TestFetch {

    private final FakeKafka cluster;
    private final FetchRequest request = new FetchRequest().replicaId(-1).minBytes(1).maxBytes(Integer.MAX_VALUE).maxWaitMs(0).sessionEpoch(-1);
    private final List<FetchTopic> topics = new ArrayList<>();

    TestFetch(FakeKafka cluster) {
        this.cluster = cluster;
        request.topics(topics);
    }

    /** Adds partition 0 of a topic. */
    TestFetch from(String topic, long offset) {
        return with(topic, new FetchPartition().fetchOffset(offset).partitionMaxBytes(1 << 20));
    }

    /** Adds a partition of a topic. */
    TestFetch with(String topic, FetchPartition partition) {
        topics.add(new FetchTopic().topic(topic).topicId(idOf(topic)).partitions(List.of(partition)));
        return this;
    }

    TestFetch session(int id, int epoch) {
        request.sessionId(id).sessionEpoch(epoch);
        return this;
    }

    TestFetch forget(String topic) {
        request.forgottenTopicsData(List.of(new ForgottenTopic().topic(topic).topicId(idOf(topic)).partitions(List.of(0))));
        return this;
    }

    TestFetch waiting(int millis, int minBytes) {
        request.maxWaitMs(millis).minBytes(minBytes);
        return this;
    }

    TestFetch maxBytes(int bytes) {
        request.maxBytes(bytes);
        return this;
    }

    TestFetch readCommitted() {
        request.isolationLevel((byte) 1);
        return this;
    }

    TestFetch inRack(String rack) {
        request.rackId(rack);
        return this;
    }

    FetchRequest request() {
        return request;
    }

    private Uuid idOf(String topic) {
        FakeTopic found = cluster.topics().find(topic);
        return found == null ? new Uuid(1, 1) : found.id();
    }

    /** What the answer says of the only partition in it. */
    static PartitionData only(FetchResponse response) {
        if (response.responses().size() != 1) {
            throw new AssertionError("One topic was expected in " + response);
        }
        return response.responses().get(0).partitions().get(0);
    }

    /** The values of the records of whole batches that users wrote. */
    static List<String> valuesOf(PartitionData data) {
        List<String> values = new ArrayList<>();
        RecordBatches batches = RecordBatches.read(Objects.requireNonNull(data.records()).toSingleBuffer());
        while (batches.hasNext()) {
            RecordBatch batch = batches.next();
            batch.ensureValid();
            try (RecordCursor records = batch.cursor(DecompressionLimits.DEFAULT)) {
                while (!batch.isControlBatch() && records.next()) {
                    values.add(new String(Objects.requireNonNull(records.copyValue()), StandardCharsets.UTF_8));
                }
            }
        }
        return values;
    }
}
