package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.Failures;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
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
 */
final class ResetCommits {

    private static final Logger LOG = LoggerFactory.getLogger(ResetCommits.class);

    /** A position that a reset has found. */
    private static final class Found {

        private final OffsetAndMetadata offset;
        private final long positionEpoch;
        private final long commitsSoFar;
        private long ownCommit = -1;
        private CompletableFuture<Void> attempt = CompletableFuture.failedFuture(new IllegalStateException("not committed yet"));

        Found(PartitionState state, long commitsSoFar) {
            this.offset = new OffsetAndMetadata(state.position, state.positionLeaderEpoch, "");
            this.positionEpoch = state.epoch;
            this.commitsSoFar = commitsSoFar;
        }

        void attempted(CompletableFuture<Void> outcome, long number) {
            attempt = outcome;
            ownCommit = number;
        }
    }

    private final Assignment assignment;
    private final Duration requestTimeout;
    private final BiFunction<Map<TopicPartition, OffsetAndMetadata>, Duration, CompletableFuture<Void>> commit;
    private final Map<PartitionState, Found> found = new LinkedHashMap<>();
    private @Nullable OffsetCommits commits;
    private @Nullable Membership membership;

    ResetCommits(
            Assignment assignment, Duration requestTimeout,
            BiFunction<Map<TopicPartition, OffsetAndMetadata>, Duration, CompletableFuture<Void>> commit) {
        this.assignment = assignment;
        this.requestTimeout = requestTimeout;
        this.commit = commit;
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

    /** A reset has found a position. Called with the assignment's lock held. */
    void found(PartitionState state, long commitsSoFarThen) {
        if (isMember()) {
            found.put(state, new Found(state, commitsSoFarThen));
        }
    }

    /** Commits what was found of partitions that may be read by now. */
    void commitDue() {
        List<PartitionState> due = found.entrySet().stream()
                .filter(entry -> entry.getKey().announced && !entry.getKey().revoking && entry.getValue().ownCommit < 0)
                .map(Map.Entry::getKey)
                .toList();
        commitLeft(due, requestTimeout).exceptionally(failure -> {
            LOG.debug("What auto.offset.reset has found could not be committed yet: {}", Failures.cause(failure).getMessage());
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
        CompletableFuture<Void> attempt = commit.apply(offsets, limit);
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
