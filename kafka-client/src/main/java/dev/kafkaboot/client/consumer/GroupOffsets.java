package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.CommitFailedException;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.ErrorAction;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.CoordinatorType;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import dev.kafkaboot.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import dev.kafkaboot.protocol.message.OffsetFetchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The committed offsets of a group: reads and writes them at the coordinator, again and again until a limit. On the loop. */
final class GroupOffsets {

    /** The last version in which topics are told by name. */
    private static final int LAST_WITH_NAMES = 9;

    /** From this version on, one request can ask for several groups. */
    private static final int FIRST_WITH_GROUPS = 8;

    private final ClientConnections connections;
    private final String groupId;
    private final IsolationLevel isolation;
    private final Backoff backoff;

    GroupOffsets(ClientConnections connections, String groupId, IsolationLevel isolation, Backoff backoff) {
        this.connections = connections;
        this.groupId = groupId;
        this.isolation = isolation;
        this.backoff = backoff;
    }

    /** What is committed; a partition without a committed offset is not in it. */
    CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> fetch(Collection<TopicPartition> partitions, Duration limit) {
        List<TopicPartition> wanted = List.copyOf(partitions);
        return new Attempts<Map<TopicPartition, OffsetAndMetadata>>(
                "the committed offsets of group '" + groupId + "' for " + wanted, limit, ApiKey.OFFSET_FETCH) {

            @Override
            CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> attempt(Duration left) {
                return send(ApiKey.OFFSET_FETCH, version -> fetchRequest(wanted, version), left).thenApply(response -> read(wanted, response));
            }
        }.start();
    }

    private OffsetFetchRequest fetchRequest(List<TopicPartition> partitions, int version) {
        Map<String, List<Integer>> byTopic = ConsumerProtocol.byTopic(partitions);
        OffsetFetchRequest request = new OffsetFetchRequest();
        boolean stable = isolation == IsolationLevel.READ_COMMITTED;
        if (version >= 7) {
            request.requireStable(stable);
        }
        if (version >= FIRST_WITH_GROUPS) {
            OffsetFetchRequestGroup group = new OffsetFetchRequestGroup().groupId(groupId);
            List<OffsetFetchRequestTopics> topics = new ArrayList<>();
            byTopic.forEach((topic, indexes) -> topics.add(new OffsetFetchRequestTopics().name(topic).partitionIndexes(indexes)));
            return request.groups(List.of(group.topics(topics)));
        }
        List<OffsetFetchRequestTopic> topics = new ArrayList<>();
        byTopic.forEach((topic, indexes) -> topics.add(new OffsetFetchRequestTopic().name(topic).partitionIndexes(indexes)));
        return request.groupId(groupId).topics(topics);
    }

    private Map<TopicPartition, OffsetAndMetadata> read(List<TopicPartition> wanted, OffsetFetchResponse response) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        List<TopicPartition> missing = new ArrayList<>(wanted);
        if (response.groups().isEmpty()) {
            refuse(response.errorCode());
            response.topics().forEach(topic -> topic.partitions().forEach(partition -> take(
                    new TopicPartition(topic.name(), partition.partitionIndex()), partition.errorCode(), partition.committedOffset(),
                    partition.committedLeaderEpoch(), partition.metadata(), offsets, missing)));
        } else {
            response.groups().forEach(group -> {
                refuse(group.errorCode());
                group.topics().forEach(topic -> topic.partitions().forEach(partition -> take(
                        new TopicPartition(topic.name(), partition.partitionIndex()), partition.errorCode(), partition.committedOffset(),
                        partition.committedLeaderEpoch(), partition.metadata(), offsets, missing)));
            });
        }
        if (!missing.isEmpty()) {
            // Not the same as "no offset": to reset on account of it would lose or repeat records.
            throw new DisconnectException("The coordinator of group '" + groupId + "' left " + missing + " out of its answer", null, true);
        }
        return offsets;
    }

    private void take(
            TopicPartition partition, short errorCode, long offset, int leaderEpoch, @Nullable String metadata,
            Map<TopicPartition, OffsetAndMetadata> offsets, List<TopicPartition> missing) {
        refuse(errorCode);
        missing.remove(partition);
        if (offset >= 0) {
            offsets.put(partition, new OffsetAndMetadata(offset, leaderEpoch < 0 ? null : leaderEpoch, metadata == null ? "" : metadata));
        }
    }

    private void refuse(short errorCode) {
        ErrorCode error = ErrorCode.forCode(errorCode);
        if (error != ErrorCode.NONE) {
            throw new BrokerException("group '" + groupId + "'", error, ApiKey.OFFSET_FETCH, null, null);
        }
    }

    /**
     * Commits.
     *
     * @param member tells generation and member id, anew for each attempt
     */
    CompletableFuture<Void> commit(Map<TopicPartition, OffsetAndMetadata> offsets, Supplier<ConsumerGroupMetadata> member, Duration limit) {
        Map<TopicPartition, OffsetAndMetadata> copy = new LinkedHashMap<>(offsets);
        if (copy.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return new Attempts<Void>("the commit of " + copy.keySet() + " for group '" + groupId + "'", limit, ApiKey.OFFSET_COMMIT) {

            @Override
            CompletableFuture<Void> attempt(Duration left) {
                ConsumerGroupMetadata who = member.get();
                return send(ApiKey.OFFSET_COMMIT, version -> commitRequest(copy, who), left).thenApply(response -> {
                    response.topics().forEach(topic -> topic.partitions().forEach(partition ->
                            check(new TopicPartition(topic.name(), partition.partitionIndex()), partition.errorCode(), copy)));
                    return null;
                });
            }
        }.start();
    }

    private OffsetCommitRequest commitRequest(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata member) {
        OffsetCommitRequest request = new OffsetCommitRequest()
                .groupId(groupId)
                .generationIdOrMemberEpoch(member.generationId())
                .memberId(member.memberId());
        Map<String, OffsetCommitRequestTopic> topics = new LinkedHashMap<>();
        offsets.forEach((partition, offset) -> {
            Integer epoch = offset.leaderEpoch();
            topics.computeIfAbsent(partition.topic(), topic -> new OffsetCommitRequestTopic().name(topic))
                    .partitions().add(new OffsetCommitRequestPartition()
                            .partitionIndex(partition.partition())
                            .committedOffset(offset.offset())
                            .committedLeaderEpoch(epoch == null ? -1 : epoch)
                            .committedMetadata(offset.metadata()));
        });
        request.topics().addAll(topics.values());
        return request;
    }

    private void check(TopicPartition partition, short errorCode, Map<TopicPartition, OffsetAndMetadata> offsets) {
        ErrorCode error = ErrorCode.forCode(errorCode);
        if (error == ErrorCode.NONE) {
            return;
        }
        BrokerException reason = new BrokerException(
                "the commit of " + partition + " for group '" + groupId + "'", error, ApiKey.OFFSET_COMMIT, null, null);
        ErrorAction action = ErrorActions.of(ApiKey.OFFSET_COMMIT, error);
        if (action == ErrorAction.REJOIN || error == ErrorCode.FENCED_INSTANCE_ID) {
            throw new CommitFailedException(
                    "Offsets of " + offsets.keySet() + " were not committed: the group '" + groupId
                            + "' has rebalanced and may have given these partitions to others (" + error + ")", reason);
        }
        throw reason;
    }

    private <R extends ResponseMessage> CompletableFuture<R> send(
            ApiKey api, java.util.function.IntFunction<? extends RequestMessage<R>> byVersion, Duration left) {
        RequestOptions options = RequestOptions.of(ConnectionClass.GENERAL, left).upToVersion(LAST_WITH_NAMES);
        return connections.coordinators().find(CoordinatorType.GROUP, groupId, left)
                .thenCompose(node -> connections.<R>dispatch(api, byVersion, node.id(), options));
    }

    /** Tries until it succeeds, fails for good, or the limit passes. */
    private abstract class Attempts<T> {

        private final CompletableFuture<T> outcome = new CompletableFuture<>();
        private final String what;
        private final Duration limit;
        private final ApiKey api;
        private final long deadline;
        private int failures;

        Attempts(String what, Duration limit, ApiKey api) {
            this.what = what;
            this.limit = limit;
            this.api = api;
            this.deadline = connections.loop().nanoTime() + limit.toNanos();
        }

        abstract CompletableFuture<T> attempt(Duration left);

        CompletableFuture<T> start() {
            run(null);
            return outcome;
        }

        private void run(@Nullable Throwable lastError) {
            Duration left = Duration.ofNanos(deadline - connections.loop().nanoTime());
            if (left.isNegative() || left.isZero()) {
                outcome.completeExceptionally(new TimeoutException(
                        "Waited " + Times.text(limit) + " for " + what
                                + (lastError == null ? "" : ", last error: " + lastError.getMessage()), lastError));
                return;
            }
            CompletableFuture<T> attempted;
            try {
                attempted = attempt(left);
            } catch (RuntimeException refused) {
                attempted = CompletableFuture.failedFuture(refused);
            }
            attempted.whenComplete((value, failure) -> {
                if (failure == null) {
                    outcome.complete(value);
                } else {
                    failed(cause(failure));
                }
            });
        }

        private void failed(Throwable failure) {
            boolean retry = failure instanceof KafkaException known && known.isRetriable();
            if (failure instanceof BrokerException error && error.errorCode() != null) {
                ErrorAction action = ErrorActions.of(api, error.errorCode());
                retry = action.isRetry();
                if (action == ErrorAction.FIND_COORDINATOR) {
                    connections.coordinators().invalidate(CoordinatorType.GROUP, groupId);
                }
            } else if (failure instanceof DisconnectException) {
                connections.coordinators().invalidate(CoordinatorType.GROUP, groupId);
            }
            if (!retry) {
                outcome.completeExceptionally(failure);
                return;
            }
            failures++;
            connections.loop().schedule(backoff.after(failures, connections.loop().random()), () -> run(failure));
        }
    }

    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof java.util.concurrent.CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
