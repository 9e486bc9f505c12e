package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits the positions that {@code auto.offset.reset} has found, if it looked for the end or for a time. On the loop.
 *
 * <p>Where nothing is committed, the reset policy is applied by every member that gets the partition. With {@code latest} each of them would begin at what is
 * the end by then, and everything that came between a rebalance and the first commit would be read by nobody. So the offset that was found first is
 * committed as soon as the partition may be read, and if that fails, again before it is given up; by automatic and by manual commits alike, because
 * neither the application nor the next member can know it. A commit of the application's own takes its place.
 *
 * <p>The application may commit by transactions, too, of which nothing is known here. So whatever follows the first attempt looks first, and commits only where
 * nothing is committed still. So does the first attempt where a position was reset that the log does not hold any more: of what was handed out before, something may be
 * committed, and the rest in work.
 */
final class ResetCommits {

    private static final Logger LOG = LoggerFactory.getLogger(ResetCommits.class);

    /** Commits where nothing is committed; that is looked for unless it is the first attempt, before which it is known. */
    interface Committing {

        CompletableFuture<Void> commit(Map<TopicPartition, OffsetAndMetadata> offsets, Duration limit, boolean isFirst);
    }

    /** A position that a reset has found. */
    private static final class Found {

        private final OffsetAndMetadata offset;
        private final long positionEpoch;
        private final long commitsSoFar;
        private final boolean isLost;
        private long ownCommit = -1;
        private boolean again;
        private CompletableFuture<Void> attempt = CompletableFuture.failedFuture(new IllegalStateException("not committed yet"));

        Found(PartitionState state, long commitsSoFar, boolean isLost) {
            this.offset = new OffsetAndMetadata(state.position, state.positionLeaderEpoch, "");
            this.positionEpoch = state.epoch;
            this.commitsSoFar = commitsSoFar;
            this.isLost = isLost;
        }

        void attempted(CompletableFuture<Void> outcome, long number) {
            attempt = outcome;
            ownCommit = number;
            again = false;
        }

        private boolean isDue() {
            return ownCommit < 0 || again;
        }

        /** Whether it is known without being looked for that nothing is committed. */
        private boolean isKnownToBeFirst() {
            return ownCommit < 0 && !isLost;
        }
    }

    private final Assignment assignment;
    private final Duration requestTimeout;
    private final Committing committing;
    private final Consumer<Runnable> later;
    private final Map<PartitionState, Found> found = new LinkedHashMap<>();
    private @Nullable OffsetCommits commits;
    private @Nullable Membership membership;

    /**
     * Nothing is found yet.
     *
     * @param later runs something after a pause, and then sees to it that {@link #commitDue} is called
     */
    ResetCommits(Assignment assignment, Duration requestTimeout, Committing committing, Consumer<Runnable> later) {
        this.assignment = assignment;
        this.requestTimeout = requestTimeout;
        this.committing = committing;
        this.later = later;
    }

    /** Says who commits; without a group nobody does. */
    void by(OffsetCommits groupCommits, Membership member) {
        commits = groupCommits;
        membership = member;
    }

    private boolean isMember() {
        return membership != null && membership.identity().generationId() >= 0;
    }

    /** How many commits were begun so far. */
    long commitsSoFar() {
        return commits == null ? 0 : commits.begun();
    }

    /**
     * A reset has found a position. Called with the assignment's lock held.
     *
     * @param isLost whether it takes the place of one that the log does not hold any more; then something may be committed, which lies before what is being worked on
     */
    void found(PartitionState state, long commitsSoFarThen, boolean isLost) {
        if (isMember()) {
            found.put(state, new Found(state, commitsSoFarThen, isLost));
        }
    }

    /** Commits what was found of partitions that may be read by now. */
    void commitDue() {
        List<PartitionState> due = found.entrySet().stream()
                .filter(entry -> entry.getKey().announced && !entry.getKey().revoking && entry.getValue().isDue())
                .map(Map.Entry::getKey)
                .toList();
        commitLeft(due, requestTimeout).exceptionally(failure -> {
            Throwable cause = Failures.cause(failure);
            LOG.debug("What auto.offset.reset has found could not be committed yet: {}", cause.getMessage());
            // A topic that is unknown has been asked for often enough: what was found is committed when it is given up, if it can be.
            if (cause instanceof KafkaException known && known.isRetriable() && known.errorCode() != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
                later.accept(() -> due.stream().filter(found::containsKey).forEach(state -> known(state).again = true));
            }
            return null;
        });
    }

    /** Commits what was found of some partitions and is not committed yet; waits for what is under way. */
    CompletableFuture<Void> commitLeft(Collection<PartitionState> states, Duration limit) {
        CompletableFuture<?>[] underWay = states.stream().filter(found::containsKey).map(state -> known(state).attempt).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(underWay).handle((done, failure) -> commitNow(states, limit)).thenCompose(outcome -> outcome);
    }

    private Found known(PartitionState state) {
        return Objects.requireNonNull(found.get(state), "looked for only where something was found");
    }

    private CompletableFuture<Void> commitNow(Collection<PartitionState> states, Duration limit) {
        synchronized (assignment) {
            found.entrySet().removeIf(entry -> !isLeft(entry.getKey(), entry.getValue()));
        }
        List<PartitionState> left = states.stream().filter(found::containsKey).toList();
        if (left.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        left.forEach(state -> offsets.put(state.partition, known(state).offset));
        boolean isFirst = left.stream().allMatch(state -> known(state).isKnownToBeFirst());
        CompletableFuture<Void> attempt = committing.commit(offsets, limit, isFirst);
        left.forEach(state -> known(state).attempted(attempt, commitsSoFar()));
        return attempt;
    }

    /** Whether it is still where reading began, and nothing else was committed since. */
    private boolean isLeft(PartitionState state, Found each) {
        long last = commits == null ? Long.MAX_VALUE : commits.lastBegun(state.partition);
        boolean isCommitted = each.attempt.isDone() && !each.attempt.isCompletedExceptionally();
        return assignment.find(state.partition) == state && state.epoch == each.positionEpoch && !isCommitted
                && (last <= each.commitsSoFar || last == each.ownCommit);
    }
}
