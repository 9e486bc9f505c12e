package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import dev.kafkaboot.protocol.message.OffsetFetchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the group has committed (OffsetFetch). On the loop.
 *
 * <p>A member whose coordinator assigns says who it is (KIP-848), and is refused if that is not so any more: then it asks again as who it is by then, so that
 * nothing is read that others will have committed over meanwhile.
 *
 * <p>A partition whose offset is not stable yet (KIP-447), or that the coordinator leaves out, is asked for again; the others do not wait for it.
 * That holds at every isolation level, which is about records: what comes before an offset that a transaction is about to commit was copied by it already.
 */
final class CommittedOffsets {

    /** From this version on, a broker can be asked not to tell offsets of transactions that are open. */
    private static final int FIRST_WITH_STABLE = 7;

    /** From this version on, one request can ask for several groups. */
    private static final int FIRST_WITH_GROUPS = 8;

    /** From this version on, the request tells which member asks, and in which epoch. */
    private static final int FIRST_WITH_MEMBERS = 9;

    private final GroupCoordinator coordinator;
    private @Nullable Membership membership;

    CommittedOffsets(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    /** Asks as a member from now on, whenever there is one that the coordinator assigns to. */
    void as(Membership member) {
        membership = member;
    }

    /** What is committed; a partition without a committed offset is not in it. */
    CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> fetch(Collection<TopicPartition> partitions, Duration limit) {
        return LookupSink.gather(partitions, sink -> fetch(partitions, limit, sink));
    }

    /** Tells what is committed of each partition. */
    void fetch(Collection<TopicPartition> partitions, Duration limit, LookupSink<OffsetAndMetadata> sink) {
        Set<TopicPartition> open = new LinkedHashSet<>(partitions);
        Membership known = membership;
        new CoordinatorAttempts<Void>(
                coordinator, "the committed offsets of " + coordinator + " for " + partitions, limit, ApiKey.OFFSET_FETCH) {

            private @Nullable ConsumerGroupMetadata member;

            @Override
            CompletableFuture<Void> attempt() {
                ConsumerGroupMetadata now = known == null || !known.isAssignedToByCoordinator() ? null : known.identity();
                member = now;
                return this.<OffsetFetchResponse>send(version -> request(open, now, version)).thenApply(response -> {
                    KafkaException worth = new Answer(this, open, sink).read(response);
                    if (worth != null) {
                        throw worth;
                    }
                    return null;
                });
            }

            @Override
            boolean isRetriable(BrokerException error) {
                if (known == null || member == null || !isOfMember(error.errorCode())) {
                    return false;
                }
                known.wasRefused(error, member);
                return true;
            }
        }.start().whenComplete((done, failure) -> {
            if (failure != null) {
                List.copyOf(open).forEach(partition -> sink.failed(partition, failure));
            }
        });
    }

    private OffsetFetchRequest request(Collection<TopicPartition> partitions, @Nullable ConsumerGroupMetadata member, int version) {
        Map<String, List<Integer>> byTopic = ConsumerProtocol.byTopic(partitions);
        OffsetFetchRequest request = new OffsetFetchRequest();
        if (version >= FIRST_WITH_STABLE) {
            request.requireStable(true);
        }
        if (version >= FIRST_WITH_GROUPS) {
            OffsetFetchRequestGroup group = new OffsetFetchRequestGroup().groupId(coordinator.groupId());
            if (version >= FIRST_WITH_MEMBERS && member != null && member.generationId() >= 0) {
                group.memberId(member.memberId()).memberEpoch(member.generationId());
            }
            List<OffsetFetchRequestTopics> topics = new ArrayList<>();
            byTopic.forEach((topic, indexes) -> topics.add(new OffsetFetchRequestTopics().name(topic).partitionIndexes(indexes)));
            return request.groups(List.of(group.topics(topics)));
        }
        List<OffsetFetchRequestTopic> topics = new ArrayList<>();
        byTopic.forEach((topic, indexes) -> topics.add(new OffsetFetchRequestTopic().name(topic).partitionIndexes(indexes)));
        return request.groupId(coordinator.groupId()).topics(topics);
    }

    private static boolean isOfMember(ErrorCode error) {
        return error == ErrorCode.STALE_MEMBER_EPOCH || error == ErrorCode.UNKNOWN_MEMBER_ID;
    }

    /** Reads one answer: tells what is decided, and keeps what is to be asked for again. */
    private final class Answer {

        private final CoordinatorAttempts<?> attempts;
        private final Set<TopicPartition> open;
        private final LookupSink<OffsetAndMetadata> sink;
        private @Nullable BrokerException lastError;

        Answer(CoordinatorAttempts<?> attempts, Set<TopicPartition> open, LookupSink<OffsetAndMetadata> sink) {
            this.attempts = attempts;
            this.open = open;
            this.sink = sink;
        }

        /** Answers the reason to ask again; null if all is told. */
        @Nullable KafkaException read(OffsetFetchResponse response) {
            if (response.groups().isEmpty()) {
                refuse(response.errorCode());
                response.topics().forEach(topic -> topic.partitions().forEach(partition -> take(
                        new TopicPartition(topic.name(), partition.partitionIndex()), partition.errorCode(), partition.committedOffset(),
                        partition.committedLeaderEpoch(), partition.metadata())));
            } else {
                response.groups().forEach(group -> {
                    refuse(group.errorCode());
                    group.topics().forEach(topic -> topic.partitions().forEach(partition -> take(
                            new TopicPartition(topic.name(), partition.partitionIndex()), partition.errorCode(), partition.committedOffset(),
                            partition.committedLeaderEpoch(), partition.metadata())));
                });
            }
            if (open.isEmpty() || lastError != null) {
                return open.isEmpty() ? null : lastError;
            }
            // Not the same as "no offset": to reset on account of it would lose or repeat records.
            return new DisconnectException("The coordinator of " + coordinator + " left " + open + " out of its answer", null, true);
        }

        private void take(TopicPartition partition, short errorCode, long offset, int leaderEpoch, @Nullable String metadata) {
            ErrorCode error = ErrorCode.forCode(errorCode);
            if (error == ErrorCode.NONE) {
                if (open.remove(partition)) {
                    sink.found(partition, offset < 0 ? null
                            : new OffsetAndMetadata(offset, leaderEpoch < 0 ? null : leaderEpoch, metadata == null ? "" : metadata));
                }
                return;
            }
            BrokerException reason = attempts.refused("the committed offset of " + partition + " for " + coordinator, error);
            if (attempts.isWorthAnother(reason)) {
                lastError = reason;
            } else if (open.remove(partition)) {
                sink.failed(partition, reason);
            }
        }

        private void refuse(short errorCode) {
            ErrorCode error = ErrorCode.forCode(errorCode);
            if (error != ErrorCode.NONE) {
                throw attempts.refused(coordinator.toString(), error);
            }
        }
    }
}
