package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchRequest.FetchPartition;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.protocol.message.FetchResponse.FetchableTopicResponse;
import dev.kafkaboot.protocol.message.FetchResponse.PartitionData;
import dev.kafkaboot.protocol.message.ListOffsetsRequest;
import dev.kafkaboot.protocol.message.ListOffsetsResponse;
import dev.kafkaboot.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import dev.kafkaboot.protocol.message.ListOffsetsResponse.ListOffsetsTopicResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The logs of {@link ScriptedBrokers}: what they hold, and how fetches and lookups of it are answered. Without fetch sessions. Thread-safe. */
final class ScriptedLogs {

    private static final int FIRST_WITH_TOPIC_IDS = 13;

    private final Map<TopicPartition, ScriptedLog> logs = new TreeMap<>();
    private boolean closed;

    /** Makes a topic, in the place of one of the same name if there is one. */
    synchronized void create(String topic, Uuid id, int partitions) {
        logs.keySet().removeIf(partition -> partition.topic().equals(topic));
        for (int i = 0; i < partitions; i++) {
            logs.put(new TopicPartition(topic, i), new ScriptedLog(id));
        }
        notifyAll();
    }

    /** Appends a batch to a partition of {@link ScriptedBrokers#TOPIC}. */
    void append(int partition, String... values) {
        change(partition, log -> log.append(values));
    }

    /** Changes a partition of {@link ScriptedBrokers#TOPIC}. */
    synchronized void change(int partition, Consumer<ScriptedLog> how) {
        how.accept(logs.get(new TopicPartition(ScriptedBrokers.TOPIC, partition)));
        notifyAll();
    }

    synchronized void forEach(BiConsumer<TopicPartition, ScriptedLog> each) {
        logs.forEach(each);
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Answers when there is something to tell, or when the time that the request allows has passed. */
    synchronized FetchResponse fetch(int node, FetchRequest request, short version) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(request.maxWaitMs());
        while (true) {
            FetchResponse response = read(node, request, version);
            long left = deadline - System.nanoTime();
            boolean tells = response.responses().stream().flatMap(topic -> topic.partitions().stream())
                    .anyMatch(data -> data.errorCode() != 0 || data.records() != null || data.divergingEpoch().endOffset() >= 0);
            if (tells || left <= 0 || closed) {
                return response;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private FetchResponse read(int node, FetchRequest request, short version) {
        List<FetchableTopicResponse> topics = new ArrayList<>();
        request.topics().forEach(topic -> {
            FetchableTopicResponse answer = new FetchableTopicResponse().topic(topic.topic()).topicId(topic.topicId());
            topic.partitions().forEach(partition -> answer.partitions().add(data(node, find(
                    version < FIRST_WITH_TOPIC_IDS ? topic.topic() : null, topic.topicId(), partition.partition()), partition)));
            topics.add(answer);
        });
        return new FetchResponse().responses(topics);
    }

    private @Nullable ScriptedLog find(@Nullable String topic, Uuid id, int partition) {
        return logs.entrySet().stream()
                .filter(entry -> entry.getKey().partition() == partition)
                .filter(entry -> topic == null ? entry.getValue().topicId().equals(id) : entry.getKey().topic().equals(topic))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static PartitionData data(int node, @Nullable ScriptedLog log, FetchPartition asked) {
        PartitionData data = new PartitionData().partitionIndex(asked.partition());
        if (log == null) {
            return data.errorCode(ErrorCode.UNKNOWN_TOPIC_ID.code()).highWatermark(-1);
        }
        if (log.leader() != node) {
            return data.errorCode(ErrorCode.NOT_LEADER_OR_FOLLOWER.code()).highWatermark(-1);
        }
        if (asked.currentLeaderEpoch() >= 0 && asked.currentLeaderEpoch() < log.leaderEpoch()) {
            return data.errorCode(ErrorCode.FENCED_LEADER_EPOCH.code()).highWatermark(-1);
        }
        if (asked.fetchOffset() > log.endOffset() || asked.fetchOffset() < log.startOffset()) {
            return data.errorCode(ErrorCode.OFFSET_OUT_OF_RANGE.code()).highWatermark(-1);
        }
        if (asked.lastFetchedEpoch() >= 0) {
            ScriptedLog.EpochEnd end = log.end(asked.lastFetchedEpoch());
            if (end.epoch() < asked.lastFetchedEpoch() || end.endOffset() < asked.fetchOffset()) {
                return data.divergingEpoch(new FetchResponse.EpochEndOffset().epoch(end.epoch()).endOffset(end.endOffset())).highWatermark(log.endOffset());
            }
        }
        data.highWatermark(log.endOffset()).lastStableOffset(log.endOffset()).logStartOffset(log.startOffset());
        Bytes records = log.read(asked.fetchOffset());
        return data.records(records);
    }

    synchronized ListOffsetsResponse offsets(int node, ListOffsetsRequest request) {
        List<ListOffsetsTopicResponse> topics = new ArrayList<>();
        request.topics().forEach(topic -> {
            ListOffsetsTopicResponse answer = new ListOffsetsTopicResponse().name(topic.name());
            topic.partitions().forEach(partition -> {
                ScriptedLog log = logs.get(new TopicPartition(topic.name(), partition.partitionIndex()));
                ListOffsetsPartitionResponse told = new ListOffsetsPartitionResponse().partitionIndex(partition.partitionIndex()).offset(-1);
                answer.partitions().add(told);
                if (log == null || log.leader() != node) {
                    told.errorCode(ErrorCode.NOT_LEADER_OR_FOLLOWER.code());
                } else {
                    told.offset(partition.timestamp() == -2 ? log.startOffset() : log.endOffset());
                }
            });
            topics.add(answer);
        });
        return new ListOffsetsResponse().topics(topics);
    }
}
