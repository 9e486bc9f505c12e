package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.CommitFailedException;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.ErrorAction;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import dev.kafkaboot.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import dev.kafkaboot.protocol.message.OffsetCommitResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Commits offsets at the coordinator, again and again until a limit. On the loop.
 *
 * <ul>
 *   <li>A commit that is tried again never undoes a later one: it leaves out the partitions that were committed since, and fails with the later commit if
 *       that fails.
 *   <li>It is never made for another member than the one that asked. If the generation has changed meanwhile, it goes on only if every partition in it has
 *       been this member's without a break, as it is in a cooperative rebalance; otherwise another member may have committed what it would undo.
 *   <li>While partitions come from the group, only those are committed that are this member's when the commit is asked for: brokers do not look whose they are.
 *   <li>A rebalance that is under way refuses commits; those of partitions that are kept wait for its end.
 * </ul>
 */
final class OffsetCommits {

    /** The member for which is committed. */
    interface Committer {

        /** Who it is now. */
        ConsumerGroupMetadata identity();

        /** Whether partitions come from the group; then only a member may commit. */
        boolean isSubscribed();

        /** Whether what the coordinator refused to one identity may be granted to the next, which this member is about to have or has already. */
        boolean isAboutToChange(ErrorCode refusal, ConsumerGroupMetadata refused);

        /** The coordinator refused a request of one identity, which may have been of this member: it finds out now rather than with the next heartbeat. */
        void wasRefused(BrokerException refusal, ConsumerGroupMetadata refused);
    }

    /** Which of some partitions must not be committed any more; asked before an attempt, which waits for the answer. */
    interface Check {

        /** Those of the partitions that are left out. */
        CompletableFuture<Set<TopicPartition>> notToBeCommitted(Set<TopicPartition> partitions, Duration limit);
    }

    /** So often a commit may be answered that a topic is unknown before that is believed. */
    private static final int UNKNOWN_TOPIC_ATTEMPTS = 3;

    private final GroupCoordinator coordinator;
    private final Assignment assignment;
    private final Committer committer;

    /** The last commit of each partition, whatever became of it. */
    private final Map<TopicPartition, Commit> latest = new HashMap<>();

    /** What is under way, in the order in which it was begun. */
    private final Set<Commit> underWay = new LinkedHashSet<>();

    private long begun;

    OffsetCommits(GroupCoordinator coordinator, Assignment assignment, Committer committer) {
        this.coordinator = coordinator;
        this.assignment = assignment;
        this.committer = committer;
    }

    /**
     * Those of some partitions that must not be committed.
     *
     * @param taken partitions that the group has taken away since their records were read, so that they are not committed, though they may be this member's again
     * @return these and those that are not this member's, if partitions come from the group; and those that are read in a topic which is not there any more
     */
    Set<TopicPartition> refused(Set<TopicPartition> partitions, Set<TopicPartition> taken) {
        Set<TopicPartition> refused = new LinkedHashSet<>();
        partitions.stream().filter(partition -> isOfEarlierTopic(assignment.find(partition))).forEach(refused::add);
        if (committer.isSubscribed()) {
            refused.addAll(taken);
            boolean isMember = committer.identity().generationId() >= 0; // who is none has nothing, and is told that
            partitions.stream().filter(partition -> isMember && !isOwned(partition)).forEach(refused::add);
        }
        return refused;
    }

    /** What a commit fails with of which partitions were {@linkplain #refused refused}. */
    CommitFailedException refusal(Set<TopicPartition> refused) {
        return new CommitFailedException("Offsets of " + refused + " were not committed: " + coordinator + " has taken these partitions away since their records were"
                + " read, or they never were this consumer's, and may have given them to others; or their topic was deleted since, and made again");
    }

    /** Whether a partition is read in a topic that was deleted, while another has its name now: nothing of that one is finished (KIP-516). */
    boolean isOfEarlierTopic(@Nullable PartitionState state) {
        if (state == null) {
            return false;
        }
        Uuid bound = assignment.topicId(state);
        TopicInfo now = coordinator.connections().metadata().snapshot().topic(state.partition.topic());
        return bound != null && now != null && !now.id().equals(Uuid.ZERO) && !now.id().equals(bound);
    }

    private boolean isOwned(TopicPartition partition) {
        PartitionState state = assignment.find(partition);
        return state != null && !state.lost;
    }

    /** Commits partitions none of which is {@linkplain #refused refused}. */
    CompletableFuture<Void> commit(Map<TopicPartition, OffsetAndMetadata> offsets, Duration limit) {
        return commit(offsets, limit, /* isFirst= */ true, (partitions, within) -> CompletableFuture.completedFuture(Set.of()));
    }

    /**
     * Commits what a check lets pass.
     *
     * @param isFirst whether the first attempt is not checked, but only those that follow
     */
    CompletableFuture<Void> commit(Map<TopicPartition, OffsetAndMetadata> offsets, Duration limit, boolean isFirst, Check check) {
        if (offsets.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Commit commit = new Commit(offsets, limit, isFirst, check);
        offsets.keySet().forEach(partition -> latest.put(partition, commit));
        return commit.begin();
    }

    /** Completes when every commit that is under way now has an outcome, or the time for that is over. */
    CompletableFuture<Void> settled(Duration limit) {
        if (underWay.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> settled = new CompletableFuture<>();
        Timer end = coordinator.loop().schedule(limit, () -> settled.complete(null));
        CompletableFuture.allOf(underWay.stream().map(commit -> commit.whole).toArray(CompletableFuture[]::new)).whenComplete((done, failure) -> {
            end.cancel();
            settled.complete(null);
        });
        return settled;
    }

    /** How many commits were begun so far. */
    long begun() {
        return begun;
    }

    /** What {@link #begun()} told when the last commit of a partition had just begun; 0 if there was none. */
    long lastBegun(TopicPartition partition) {
        Commit commit = latest.get(partition);
        return commit == null ? 0 : commit.number;
    }

    /** One commit, through all of its attempts. */
    private final class Commit extends CoordinatorAttempts<Void> {

        private final long number = ++begun;
        private int unknownTopics;
        private final Map<TopicPartition, OffsetAndMetadata> open;
        private final Map<TopicPartition, PartitionState> owned = new LinkedHashMap<>();
        private final List<CompletableFuture<Void>> covering = new ArrayList<>();
        private ConsumerGroupMetadata member = committer.identity();
        private final CompletableFuture<Void> whole = new CompletableFuture<>();
        private final Check check;
        private boolean isFirst;

        Commit(Map<TopicPartition, OffsetAndMetadata> offsets, Duration limit, boolean isFirst, Check check) {
            super(coordinator, "the commit of " + offsets.keySet() + " for " + coordinator, limit, ApiKey.OFFSET_COMMIT);
            this.isFirst = isFirst;
            this.check = check;
            this.open = new LinkedHashMap<>(offsets);
            offsets.keySet().forEach(partition -> {
                PartitionState state = assignment.find(partition);
                if (state != null) {
                    owned.put(partition, state);
                }
            });
        }

        CompletableFuture<Void> begin() {
            underWay.add(this);
            whole.whenComplete((done, failure) -> underWay.remove(this));
            start().whenComplete((done, failure) -> {
                if (failure != null) {
                    whole.completeExceptionally(failure);
                } else {
                    CompletableFuture.allOf(covering.toArray(CompletableFuture[]::new)).whenComplete((covered, uncovered) -> {
                        if (uncovered != null) {
                            whole.completeExceptionally(Failures.cause(uncovered));
                        } else {
                            whole.complete(null);
                        }
                    });
                }
            });
            return whole;
        }

        @Override
        CompletableFuture<Void> attempt() {
            leaveToLaterCommits();
            if (isFirst) {
                isFirst = false;
                return attemptChecked();
            }
            return open.isEmpty() ? attemptChecked() : check.notToBeCommitted(Set.copyOf(open.keySet()), left()).thenCompose(out -> {
                open.keySet().removeAll(out);
                leaveToLaterCommits();
                return attemptChecked();
            });
        }

        private CompletableFuture<Void> attemptChecked() {
            if (open.isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            identify();
            ConsumerGroupMetadata who = member;
            return this.<OffsetCommitResponse>send(version -> request(open, who)).thenApply(response -> {
                read(response);
                return null;
            });
        }

        private void leaveToLaterCommits() {
            open.keySet().removeIf(partition -> {
                Commit later = latest.get(partition);
                if (later == null || later == this) {
                    return false;
                }
                covering.add(later.whole);
                return true;
            });
        }

        /** Makes sure that the attempt is made for whoever the commit was asked for. */
        private void identify() {
            ConsumerGroupMetadata now = committer.identity();
            if (!now.equals(member)) {
                if (!isOwnedWithoutBreak()) {
                    throw new CommitFailedException("Offsets of " + open.keySet() + " were not committed: the membership in " + coordinator
                            + " under which they were read has ended, and these partitions may have been given to others");
                }
                member = now;
            }
            if (committer.isSubscribed() && member.generationId() < 0) {
                throw new CommitFailedException("Offsets of " + open.keySet() + " were not committed: this consumer is not a member of " + coordinator
                        + " now, and these partitions may have been given to others. The next poll joins again");
            }
        }

        private boolean isOwnedWithoutBreak() {
            return open.keySet().stream().allMatch(partition -> {
                PartitionState state = owned.get(partition);
                return state != null && assignment.find(partition) == state && !state.lost;
            });
        }

        private void read(OffsetCommitResponse response) {
            BrokerException worth = null;
            boolean isUnknown = false;
            for (OffsetCommitResponse.OffsetCommitResponseTopic topic : response.topics()) {
                for (OffsetCommitResponse.OffsetCommitResponsePartition partition : topic.partitions()) {
                    TopicPartition name = new TopicPartition(topic.name(), partition.partitionIndex());
                    ErrorCode error = ErrorCode.forCode(partition.errorCode());
                    isUnknown |= error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
                    if (error == ErrorCode.NONE) {
                        taken(name);
                    } else {
                        BrokerException reason = refused("the commit of " + name + " for " + coordinator, error);
                        refuseIfOthersMayHaveThem(error, reason);
                        worth = worth == null || weight(reason) >= weight(worth) ? reason : worth;
                    }
                }
            }
            unknownTopics += isUnknown ? 1 : 0;
            if (worth != null) {
                throw worth;
            }
            if (!open.isEmpty()) {
                throw new DisconnectException("The answer to the commit for " + coordinator + " leaves " + open.keySet() + " out", null, /* mayHaveBeenReceived= */ true);
            }
        }

        private void taken(TopicPartition partition) {
            OffsetAndMetadata offset = open.remove(partition);
            PartitionState state = owned.get(partition);
            if (offset != null && state != null) {
                assignment.committed(state, offset.offset());
            }
        }

        /** Which of several refusals decides: one that lasts, then one that passes, and a topic that is unknown only when it is all that is left. */
        private int weight(BrokerException refusal) {
            return refusal.errorCode() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION ? 0 : isWorthAnother(refusal) ? 1 : 2;
        }

        /** A broker may not know yet of a topic that is new; one that was deleted must not hold up a rebalance or a close (KAFKA-13310). */
        @Override
        boolean isLasting(BrokerException error) {
            return error.errorCode() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION && unknownTopics >= UNKNOWN_TOPIC_ATTEMPTS;
        }

        private void refuseIfOthersMayHaveThem(ErrorCode error, BrokerException reason) {
            boolean isRefused = ErrorActions.of(ApiKey.OFFSET_COMMIT, error) == ErrorAction.REJOIN || error == ErrorCode.FENCED_INSTANCE_ID;
            if (isRefused && !isRetriable(reason)) {
                committer.wasRefused(reason, member);
                throw new CommitFailedException("Offsets of " + open.keySet() + " were not committed: " + coordinator
                        + " has rebalanced and may have given these partitions to others (" + error + ")", reason);
            }
        }

        @Override
        boolean isRetriable(BrokerException error) {
            return committer.isAboutToChange(error.errorCode(), member) && isOwnedWithoutBreak();
        }
    }

    private OffsetCommitRequest request(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata member) {
        OffsetCommitRequest request = new OffsetCommitRequest()
                .groupId(coordinator.groupId())
                .generationIdOrMemberEpoch(member.generationId())
                .memberId(member.memberId())
                .groupInstanceId(member.generationId() < 0 ? null : member.groupInstanceId());
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
}
