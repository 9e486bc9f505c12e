package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ErrorAction;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.OffsetAndTimestamp;
import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ListOffsetsRequest;
import dev.kafkaboot.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaboot.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import dev.kafkaboot.protocol.message.ListOffsetsResponse;
import dev.kafkaboot.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds offsets by their place or time (ListOffsets), asking each partition's leader, again and again until a limit. On the loop. */
final class OffsetLookups {

    private final ClientConnections connections;
    private final IsolationLevel isolation;
    private final Backoff backoff;

    OffsetLookups(ClientConnections connections, IsolationLevel isolation, Backoff backoff) {
        this.connections = connections;
        this.isolation = isolation;
        this.backoff = backoff;
    }

    /** The offsets that were found; a partition that has no record at or after the time is not in it. */
    CompletableFuture<Map<TopicPartition, OffsetAndTimestamp>> find(Map<TopicPartition, OffsetSpec> wanted, Duration limit) {
        Search search = new Search(wanted, limit);
        search.ask();
        return search.outcome;
    }

    /** One search, which ends when every partition was answered for. */
    private final class Search {

        final CompletableFuture<Map<TopicPartition, OffsetAndTimestamp>> outcome = new CompletableFuture<>();
        private final Map<TopicPartition, OffsetSpec> open;
        private final Map<TopicPartition, OffsetAndTimestamp> found = new LinkedHashMap<>();
        private final Duration limit;
        private final long deadline;
        private @Nullable Throwable lastError;
        private int attempts;
        private int underWay;

        Search(Map<TopicPartition, OffsetSpec> wanted, Duration limit) {
            this.open = new LinkedHashMap<>(wanted);
            this.limit = limit;
            this.deadline = connections.loop().nanoTime() + limit.toNanos();
        }

        void ask() {
            if (open.isEmpty()) {
                outcome.complete(found);
                return;
            }
            Duration left = Duration.ofNanos(deadline - connections.loop().nanoTime());
            if (left.isNegative() || left.isZero()) {
                outcome.completeExceptionally(new TimeoutException(
                        "Could not find the offsets of " + open.keySet() + " within " + Times.text(limit)
                                + (lastError == null ? ": the partitions have no leader" : ", last error: " + lastError.getMessage()), lastError));
                return;
            }
            Map<Integer, Map<String, ListOffsetsTopic>> requests = byLeader();
            if (requests.isEmpty()) {
                again();
                return;
            }
            underWay = requests.size();
            requests.forEach((broker, topics) -> {
                ListOffsetsRequest request = new ListOffsetsRequest().replicaId(-1).isolationLevel(isolation.id());
                request.topics().addAll(topics.values());
                connections.dispatch(request, broker, RequestOptions.of(ConnectionClass.GENERAL, left))
                        .whenComplete((response, failure) -> came(broker, response, failure));
            });
        }

        private Map<Integer, Map<String, ListOffsetsTopic>> byLeader() {
            ClusterSnapshot cluster = connections.metadata().snapshot();
            Map<Integer, Map<String, ListOffsetsTopic>> requests = new LinkedHashMap<>();
            open.forEach((partition, spec) -> {
                Node leader = cluster.leader(partition);
                if (leader != null) {
                    requests.computeIfAbsent(leader.id(), id -> new LinkedHashMap<>())
                            .computeIfAbsent(partition.topic(), topic -> new ListOffsetsTopic().name(topic))
                            .partitions().add(new ListOffsetsPartition()
                                    .partitionIndex(partition.partition())
                                    .timestamp(spec.wireTimestamp()));
                }
            });
            return requests;
        }

        private void came(int broker, @Nullable ListOffsetsResponse response, @Nullable Throwable failure) {
            if (response == null) {
                lastError = failure;
            } else {
                response.topics().forEach(topic -> topic.partitions().forEach(partition ->
                        answered(new TopicPartition(topic.name(), partition.partitionIndex()), partition, broker)));
            }
            underWay--;
            if (underWay == 0 && !outcome.isDone()) {
                if (open.isEmpty()) {
                    outcome.complete(found);
                } else {
                    again();
                }
            }
        }

        private void answered(TopicPartition partition, ListOffsetsPartitionResponse answer, int broker) {
            ErrorCode error = ErrorCode.forCode(answer.errorCode());
            if (error == ErrorCode.NONE) {
                open.remove(partition);
                if (answer.offset() >= 0) {
                    found.put(partition, new OffsetAndTimestamp(
                            answer.offset(), answer.timestamp(), answer.leaderEpoch() < 0 ? null : answer.leaderEpoch()));
                }
                return;
            }
            BrokerException reason = new BrokerException(
                    "offsets of " + partition, error, ApiKey.LIST_OFFSETS, connections.metadata().snapshot().node(broker), null);
            lastError = reason;
            ErrorAction action = ErrorActions.of(ApiKey.LIST_OFFSETS, error);
            if (!action.isRetry()) {
                outcome.completeExceptionally(reason);
            }
        }

        private void again() {
            connections.metadata().requestRefresh();
            attempts++;
            connections.loop().schedule(backoff.after(attempts, connections.loop().random()), this::ask);
        }
    }
}
