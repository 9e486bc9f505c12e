package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.OffsetAndTimestamp;
import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.UnsupportedVersionException;
import dev.kafkaboot.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaboot.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import dev.kafkaboot.protocol.message.ListOffsetsRequest;
import dev.kafkaboot.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import dev.kafkaboot.protocol.message.ListOffsetsResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds offsets by their place or time (ListOffsets), asking each partition's leader, again and again until a limit. On the loop.
 *
 * <p>What a leader answers is told at once. What it refuses, and what has no leader, is asked for again, while others may still be under way.
 */
final class OffsetLookups {

    private final ClientConnections connections;
    private final IsolationLevel isolation;
    private final Duration requestTimeout;
    private final Backoff backoff;

    OffsetLookups(ClientConnections connections, IsolationLevel isolation, Duration requestTimeout, Backoff backoff) {
        this.connections = connections;
        this.isolation = isolation;
        this.requestTimeout = requestTimeout;
        this.backoff = backoff;
    }

    /** The offsets that were found; a partition that has no record at or after the time is not in it. */
    CompletableFuture<Map<TopicPartition, OffsetAndTimestamp>> find(Map<TopicPartition, OffsetSpec> wanted, Duration limit) {
        return LookupSink.gather(wanted.keySet(), sink -> find(wanted, limit, sink));
    }

    /** Tells the offset of each partition; none if it has no record at or after the time. */
    void find(Map<TopicPartition, OffsetSpec> wanted, Duration limit, LookupSink<OffsetAndTimestamp> sink) {
        new Search(wanted, limit, sink).ask();
    }

    /** Who is asked, and the version that what is asked for takes at least. */
    private record Recipient(int broker, int firstVersion) {}

    /** One search, which ends when every partition was told. */
    private final class Search {

        private final Map<TopicPartition, OffsetSpec> open;
        private final Set<TopicPartition> underWay = new HashSet<>();
        private final LookupSink<OffsetAndTimestamp> sink;
        private final Duration limit;
        private final long deadline;
        private final Alarm again = new Alarm(loop(), this::ask);
        private @Nullable Throwable lastError;
        private int failures;

        Search(Map<TopicPartition, OffsetSpec> wanted, Duration limit, LookupSink<OffsetAndTimestamp> sink) {
            this.open = new LinkedHashMap<>(wanted);
            this.sink = sink;
            this.limit = limit;
            this.deadline = loop().nanoTime() + Times.nanos(limit);
        }

        private EventLoop loop() {
            return connections.loop();
        }

        void ask() {
            Duration left = Duration.ofNanos(Math.max(0, deadline - loop().nanoTime()));
            if (open.isEmpty()) {
                return;
            }
            if (left.isZero()) {
                expire();
                return;
            }
            AuthenticationException refusal = connections.metadata().refusal();
            if (refusal != null) {
                fail(List.copyOf(open.keySet()), refusal);
                return;
            }
            if (failures > 0) { // what is known at first may be old, of a topic that nobody watches
                refuseTopics();
            }
            Duration timeout = left.compareTo(requestTimeout) < 0 ? left : requestTimeout;
            byLeader().forEach((to, partitions) -> {
                underWay.addAll(partitions.keySet());
                connections.<ListOffsetsResponse>dispatch(ApiKey.LIST_OFFSETS, version -> request(partitions, to.firstVersion(), version, timeout), to.broker(),
                                RequestOptions.of(ConnectionClass.GENERAL, timeout))
                        .whenComplete((response, failure) -> came(to.broker(), partitions.keySet(), response, failure));
            });
            if (underWay.size() < open.size()) {
                askAgain();
            }
        }

        /** A topic of which the cluster says that it may not be read, or cannot be, never has a leader to ask. */
        private void refuseTopics() {
            ClusterSnapshot cluster = connections.metadata().snapshot();
            for (TopicPartition partition : List.copyOf(open.keySet())) {
                TopicInfo topic = cluster.topic(partition.topic());
                if (topic != null && topic.error() != ErrorCode.NONE && !topic.error().isRetriable()) {
                    fail(List.of(partition), new BrokerException("topic '" + topic.name() + "'", topic.error(), ApiKey.METADATA, null, null));
                }
            }
        }

        private void fail(Collection<TopicPartition> partitions, KafkaException reason) {
            partitions.stream().filter(partition -> open.remove(partition) != null).forEach(partition -> sink.failed(partition, reason));
        }

        private void expire() {
            String reason = lastError == null ? ": the partitions have no leader" : ", last error: " + lastError.getMessage();
            List<TopicPartition> late = List.copyOf(open.keySet());
            open.clear();
            late.forEach(partition -> sink.failed(partition, new TimeoutException(
                    "Could not find the offsets of " + late + " within " + Times.text(limit) + reason, lastError)));
        }

        /** What a leader does not know is asked for by itself, so that it does not take the rest with it. */
        private Map<Recipient, Map<TopicPartition, ListOffsetsPartition>> byLeader() {
            ClusterSnapshot cluster = connections.metadata().snapshot();
            Map<Recipient, Map<TopicPartition, ListOffsetsPartition>> requests = new LinkedHashMap<>();
            open.forEach((partition, spec) -> {
                Node leader = cluster.leader(partition);
                if (leader != null && !underWay.contains(partition)) {
                    requests.computeIfAbsent(new Recipient(leader.id(), spec.firstVersion()), to -> new LinkedHashMap<>()).put(partition, new ListOffsetsPartition()
                            .partitionIndex(partition.partition())
                            .currentLeaderEpoch(cluster.leaderEpoch(partition))
                            .timestamp(spec.wireTimestamp()));
                }
            });
            return requests;
        }

        private ListOffsetsRequest request(Map<TopicPartition, ListOffsetsPartition> partitions, int firstVersion, int version, Duration timeout) {
            if (version < firstVersion) {
                throw new UnsupportedVersionException("it takes version " + firstVersion + ", and " + version + " is the highest that this broker has");
            }
            Map<String, ListOffsetsTopic> topics = new LinkedHashMap<>();
            partitions.forEach((partition, asked) ->
                    topics.computeIfAbsent(partition.topic(), topic -> new ListOffsetsTopic().name(topic)).partitions().add(asked));
            ListOffsetsRequest request = new ListOffsetsRequest().replicaId(-1).isolationLevel(isolation.id()).timeoutMs(Math.toIntExact(timeout.toMillis()));
            request.topics().addAll(topics.values());
            return request;
        }

        private void came(int broker, Set<TopicPartition> asked, @Nullable ListOffsetsResponse response, @Nullable Throwable failure) {
            underWay.removeAll(asked);
            if (response == null) {
                lastError = failure;
                if (failure != null && Failures.cause(failure) instanceof UnsupportedVersionException unsupported) {
                    asked.forEach(partition -> refused(partition, broker, ErrorCode.UNSUPPORTED_VERSION, unsupported.getMessage()));
                } else if (failure != null && Failures.cause(failure) instanceof AuthenticationException refusal) {
                    fail(asked, refusal);
                }
            } else {
                response.topics().forEach(topic -> topic.partitions().forEach(partition ->
                        answered(new TopicPartition(topic.name(), partition.partitionIndex()), partition, broker)));
            }
            if (asked.stream().anyMatch(open::containsKey)) {
                askAgain();
            }
        }

        private void answered(TopicPartition partition, ListOffsetsPartitionResponse answer, int broker) {
            ErrorCode error = ErrorCode.forCode(answer.errorCode());
            if (error == ErrorCode.NONE) {
                if (open.remove(partition) != null) {
                    sink.found(partition, answer.offset() < 0 ? null : new OffsetAndTimestamp(
                            answer.offset(), answer.timestamp(), answer.leaderEpoch() < 0 ? null : answer.leaderEpoch()));
                }
                return;
            }
            refused(partition, broker, error, null);
        }

        private void refused(TopicPartition partition, int broker, ErrorCode error, @Nullable String detail) {
            BrokerException reason = new BrokerException(
                    "offsets of " + partition, error, ApiKey.LIST_OFFSETS, connections.metadata().snapshot().node(broker), detail);
            lastError = reason;
            if (!ErrorActions.of(ApiKey.LIST_OFFSETS, error).isRetry() && open.remove(partition) != null) {
                sink.failed(partition, reason);
            }
        }

        private void askAgain() {
            connections.metadata().requestRefresh();
            failures++;
            long pause = backoff.after(failures, loop().random()).toNanos();
            again.noLaterThan(Math.min(loop().nanoTime() + pause, deadline));
        }
    }
}
