package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommitFailedException;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a consumer that live on the loop, put together; and what polling threads tell them. */
final class ConsumerCore {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerCore.class);

    /** How old an automatic commit of a group without members may grow: brokers forget it a while after it was made (KIP-211), be it read on or not. */
    private static final Duration RENEWAL = Duration.ofHours(1);

    private final EventLoop loop;
    private final Assignment assignment;
    private final ConsumerListener listener;
    private final Runnable onChange;
    private final Consumer<Map<TopicPartition, OffsetAndMetadata>> onCommitted;
    private final OffsetLookups lookups;
    private final @Nullable CommittedOffsets committed;
    private final @Nullable OffsetCommits commits;
    private final @Nullable Membership membership;
    private final Subscriber subscriber;
    private final ResetCommits resets;
    private final Positions positions;
    private final Fetcher fetcher;
    private final EndOffsetRefresh endOffsets;
    private final Handover handover;
    private final Registration metadataListener;
    private final Registration refusals;
    private final Duration requestTimeout;
    private final Duration autoCommitInterval;
    private final boolean autoCommit;
    private final CommitMarks marks;

    private final PollClock polls;
    private final GroupFailure failure;
    private boolean closed;

    ConsumerCore(
            ClientConnections connections, ClientConfig config, List<PartitionAssignor> assignors, Assignment assignment, ConsumerListener listener,
            Runnable onChange, Consumer<Map<TopicPartition, OffsetAndMetadata>> onCommitted) {
        this.loop = connections.loop();
        this.assignment = assignment;
        this.listener = listener;
        this.onChange = onChange;
        this.onCommitted = onCommitted;
        this.requestTimeout = config.get(CommonConfig.REQUEST_TIMEOUT);
        this.autoCommitInterval = config.get(ConsumerConfig.AUTO_COMMIT_INTERVAL);
        this.polls = new PollClock(loop);
        this.failure = new GroupFailure(onChange);
        String groupId = config.find(ConsumerConfig.GROUP_ID);
        this.marks = config.get(ConsumerConfig.COMMIT_MARKS);
        this.autoCommit = switch (marks) {
            case OFF -> groupId != null && config.get(ConsumerConfig.ENABLE_AUTO_COMMIT);
            case MANUAL -> false;
            case AUTO -> true;
        };
        Backoff backoff = new Backoff(config.get(CommonConfig.RETRY_BACKOFF), config.get(CommonConfig.RETRY_BACKOFF_MAX));
        this.lookups = new OffsetLookups(connections, config.get(ConsumerConfig.ISOLATION_LEVEL), requestTimeout, backoff);
        GroupCoordinator coordinator = groupId == null ? null : new GroupCoordinator(connections, groupId, requestTimeout, backoff);
        this.committed = coordinator == null ? null : new CommittedOffsets(coordinator);
        this.resets = new ResetCommits(
                assignment, requestTimeout, this::commitReset, again -> loop.schedule(backoff.max(), () -> {
                    again.run();
                    wake();
                }));
        this.positions = new Positions(loop, assignment, lookups, committed, resets, config, listener, this::positionsChanged);
        this.fetcher = new Fetcher(connections, assignment, positions, config, listener, failure, onChange);
        this.endOffsets = new EndOffsetRefresh(loop, assignment, lookups);
        this.handover = new Handover(
                loop, assignment, listener, this::commitBeforeGivingUp, this::wake, config.get(ConsumerConfig.MAX_POLL_INTERVAL));
        this.membership = coordinator == null ? null : membership(coordinator, config, assignors);
        this.subscriber = membership != null ? membership
                : new WithoutGroup(assignment, handover, connections.metadata(), config.get(ConsumerConfig.MAX_POLL_INTERVAL), requestTimeout);
        this.commits = coordinator == null || membership == null ? null : new OffsetCommits(coordinator, assignment, membership);
        if (commits != null && membership != null) {
            resets.by(commits, membership);
        }
        if (committed != null && membership != null) {
            committed.as(membership);
        }
        this.metadataListener = connections.metadata().addListener(this::metadataChanged);
        this.refusals = connections.metadata().addListener(failure);
        if (autoCommit) {
            loop.schedule(autoCommitInterval, this::commitFromTimeToTime);
        }
    }

    private Membership membership(GroupCoordinator coordinator, ClientConfig config, List<PartitionAssignor> assignors) {
        Supplier<ClassicMembership> classic = () -> new ClassicMembership(
                coordinator, assignment, handover, config, assignors, listener, polls, failure);
        return switch (config.get(ConsumerConfig.GROUP_PROTOCOL)) {
            case CLASSIC -> classic.get();
            case CONSUMER -> new ConsumerMembership(coordinator, assignment, handover, config, listener, polls, failure, reason -> false);
            case AUTO -> new EitherMembership(
                    coordinator,
                    fallback -> new ConsumerMembership(coordinator, assignment, handover, config, listener, polls, failure, fallback),
                    classic, failure);
        };
    }

    /** Who gets partitions of what is subscribed to. */
    Subscriber subscriber() {
        return subscriber;
    }

    /** The membership; an error that names the call if there is no group. */
    Membership membership(String call) {
        Membership known = membership;
        if (known == null) {
            throw withoutGroup(call);
        }
        return known;
    }

    /** Who the consumer is in its group, or was when it was last a member; null if it has no group. Any thread. */
    @Nullable ConsumerGroupMetadata lastMember() {
        Membership known = membership;
        return known == null ? null : known.lastMember();
    }

    /** The committed offsets; an error that names the call if there is no group. */
    CommittedOffsets committed(String call) {
        CommittedOffsets known = committed;
        if (known == null) {
            throw withoutGroup(call);
        }
        return known;
    }

    private OffsetCommits commits(String call) {
        OffsetCommits known = commits;
        if (known == null) {
            throw withoutGroup(call);
        }
        return known;
    }

    private static IllegalStateException withoutGroup(String call) {
        return new IllegalStateException(call + " needs a group: set " + ConsumerConfig.GROUP_ID.name());
    }

    OffsetLookups lookups() {
        return lookups;
    }

    Handover handover() {
        return handover;
    }

    /** What is assigned, or where it is read, has changed. Any thread. */
    void wake() {
        positions.wake();
        fetcher.wake();
        onChange.run();
    }

    private void positionsChanged() {
        fetcher.wake();
        onChange.run();
    }

    private void metadataChanged(ClusterSnapshot before, ClusterSnapshot after) {
        assert !Thread.holdsLock(assignment) : "some who hear of metadata wake polls, which look at the assignment";
        fetcher.wake();
        subscriber.metadataChanged(after);
    }

    /** What was fetched of a partition may not be handed out now: it makes way for others, if there is no room. Any thread. */
    void heldBack() {
        fetcher.wake();
    }

    /** What was fetched last of a partition is damaged. Any thread. */
    void fetchAgain(PartitionState state) {
        fetcher.fetchAgain(state);
    }

    /**
     * A thread begins to poll. Any thread.
     *
     * @return the time since a poll began or ended before
     */
    Duration pollBegins() {
        Duration since = polls.begin();
        loop.execute(subscriber::polled);
        return since;
    }

    /** A thread ends its poll. Any thread. */
    void pollEnds() {
        polls.end();
    }

    /** The calling thread is finished with what it was given, and does not poll. Any thread. */
    void workFinished() {
        assignment.finishedWork();
        if (loop.isRunning()) {
            loop.execute(handover::workFinished);
        }
    }

    /** The application has finished a record; false if that does not count. Any thread. */
    boolean mark(ConsumerRecord<?, ?> record) {
        refuseUnlessMarking("mark");
        PartitionState state = assignment.mark(record);
        if (state == null) {
            return false;
        }
        if (assignment.mayFetchAgain(state)) {
            fetcher.wake();
        }
        if (assignment.isRevoking(state) && loop.isRunning()) {
            loop.execute(handover::workFinished);
        }
        return true;
    }

    /** Commits what is marked; fails if some of that was taken away before. On the loop, so that of two calls the later one never commits less. */
    CompletableFuture<Void> commitMarked(Duration limit) {
        Membership member = membership("commitMarked");
        return commitFinished(assignment.states(), limit, /* isLast= */ false).thenRun(() -> {
            Set<TopicPartition> lost = assignment.takeLostMarks();
            if (member.isSubscribed() && !lost.isEmpty()) {
                throw new CommitFailedException("What was marked of " + lost + " was not committed: these partitions were taken away before, and others may have been"
                        + " given the same records");
            }
        });
    }

    /** What is marked, and may be committed. Any thread. */
    Map<TopicPartition, OffsetAndMetadata> marked() {
        refuseUnlessMarking("marked");
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        assignment.finished(assignment.states()).forEach((state, offset) -> offsets.put(state.partition, offset));
        return withEpochs(offsets);
    }

    void refuseUnlessMarking(String call) {
        if (marks == CommitMarks.OFF) {
            throw new IllegalStateException(call + " needs records that are marked: set " + ConsumerConfig.COMMIT_MARKS.name() + " to manual or auto");
        }
    }

    /** Refuses to commit what was merely handed out where the application marks what is done. */
    void refuseIfMarking(String call) {
        if (marks != CommitMarks.OFF) {
            throw new IllegalStateException(call + " would commit everything that was handed out, marked or not, and " + ConsumerConfig.COMMIT_MARKS.name()
                    + " is set: call commitMarked(), or " + call + " with offsets");
        }
    }

    /** Why this is not a member of its group. Any thread. */
    GroupFailure failure() {
        return failure;
    }

    /** Offsets with the leader epochs of their last records, where these are known. Any thread. */
    Map<TopicPartition, OffsetAndMetadata> withEpochs(Map<TopicPartition, Long> plain) {
        Map<TopicPartition, OffsetAndMetadata> result = new LinkedHashMap<>();
        synchronized (assignment) {
            plain.forEach((partition, offset) -> {
                PartitionState state = assignment.find(partition);
                Integer epoch = state == null || state.position != offset ? null : state.positionLeaderEpoch;
                result.put(partition, new OffsetAndMetadata(offset, epoch, ""));
            });
        }
        return result;
    }

    /** Commits. On the loop. */
    CompletableFuture<Void> commit(Map<TopicPartition, OffsetAndMetadata> toCommit, Duration limit) {
        return commit(toCommit, Set.of(), limit);
    }

    /**
     * Commits. On the loop.
     *
     * @param taken partitions that the group has taken away since their records were read
     * @return fails if there are some of these, or some that are not this member's, after the rest was committed; each part is told of by itself
     */
    CompletableFuture<Void> commit(Map<TopicPartition, OffsetAndMetadata> toCommit, Set<TopicPartition> taken, Duration limit) {
        if (toCommit.isEmpty() && taken.isEmpty()) {
            return CompletableFuture.completedFuture(null); // nobody is told of a commit that is none
        }
        OffsetCommits known = commits("commit");
        Set<TopicPartition> refused = known.refused(toCommit.keySet(), taken);
        Map<TopicPartition, OffsetAndMetadata> left = new LinkedHashMap<>(toCommit);
        left.keySet().removeAll(refused);
        CompletableFuture<Void> commit = told(left, () -> known.commit(left, limit));
        if (refused.isEmpty()) {
            return commit;
        }
        CommitFailedException refusal = known.refusal(refused);
        listener.commitFailed(refused.size(), refusal);
        return commit.thenRun(() -> {
            throw refusal;
        });
    }

    /** Commits what a reset has found, where nothing is committed yet; whether the first attempt need not look for that is said. */
    private CompletableFuture<Void> commitReset(Map<TopicPartition, OffsetAndMetadata> found, Duration limit, boolean isFirst) {
        Map<TopicPartition, OffsetAndMetadata> left = new LinkedHashMap<>(found);
        return told(left, () -> commits("commit").commit(found, limit, isFirst, (partitions, within) ->
                committed("commit").fetch(partitions, within).thenApply(known -> {
                    left.keySet().removeAll(known.keySet());
                    return known.keySet();
                })));
    }

    private CompletableFuture<Void> told(Map<TopicPartition, OffsetAndMetadata> offsets, Supplier<CompletableFuture<Void>> commit) {
        long start = loop.nanoTime();
        return commit.get().whenComplete((done, reason) -> {
            if (reason != null) {
                listener.commitFailed(offsets.size(), Failures.cause(reason));
            } else if (!offsets.isEmpty()) {
                listener.committed(offsets.size(), Duration.ofNanos(loop.nanoTime() - start));
                onCommitted.accept(offsets);
            }
        });
    }

    private void commitFromTimeToTime() {
        if (closed) {
            return;
        }
        commitFinished(assignment.states(), requestTimeout, /* isLast= */ false).whenComplete((done, reason) -> {
            if (reason != null) {
                LOG.warn("Offsets could not be committed automatically: {}", Failures.cause(reason).getMessage());
            }
            if (!closed && loop.isRunning()) {
                loop.schedule(autoCommitInterval, this::commitFromTimeToTime);
            }
        });
    }

    /** Partitions that were assigned by hand are not any more. What the calling thread was given of them counts as finished. Any thread. */
    void unassign(List<PartitionState> states) {
        assignment.finishedWork();
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        synchronized (assignment) {
            assignment.finished(states).forEach((state, offset) -> offsets.put(state.partition, offset));
            assignment.remove(states);
            assignment.forgetLostMarks();
        }
        if (autoCommit) {
            loop.execute(() -> commit(withEpochs(offsets), requestTimeout).exceptionally(reason -> {
                LOG.warn("What was finished of partitions that are not assigned any more could not be committed: {}", Failures.cause(reason).getMessage());
                return null;
            }));
        }
    }

    private CompletableFuture<Void> commitBeforeGivingUp(Collection<PartitionState> states, Duration limit) {
        return autoCommit ? commitFinished(states, limit, /* isLast= */ true) : resets.commitLeft(states, limit);
    }

    /**
     * Commits what is finished of some partitions and has changed since the last time, or may be forgotten. What is finished of a topic that is not there any more means nothing.
     *
     * @param isLast whether nothing commits it later: then one that is under way, and may fail before this limit or take longer, is none to count on
     */
    private CompletableFuture<Void> commitFinished(Collection<PartitionState> states, Duration limit, boolean isLast) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        Map<PartitionState, Long> fresh = assignment.finished(states);
        fresh.keySet().removeIf(state -> commits != null && commits.isOfEarlierTopic(state));
        boolean mayExpire = membership != null && !membership.isSubscribed();
        long now = loop.nanoTime();
        fresh.entrySet().removeIf(entry -> {
            PartitionState.AutoCommit last = entry.getKey().autoCommit;
            if (last == null || mayExpire && last.isOlderThan(RENEWAL, now) || !last.covers(entry.getValue()) || isLast && !last.outcome().isDone()) {
                return false;
            }
            all.add(last.outcome());
            return true;
        });
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        fresh.forEach((state, offset) -> offsets.put(state.partition, offset));
        CompletableFuture<Void> outcome = commit(withEpochs(offsets), limit);
        fresh.forEach((state, offset) -> state.autoCommit = new PartitionState.AutoCommit(offset, now, outcome));
        all.add(outcome);
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    /**
     * Lets threads finish, for half of the limit; commits, for a quarter of it; leaves; stops. What the application commits by itself meanwhile, or had begun
     * to commit before, is waited for, for an eighth each. On the loop.
     */
    CompletableFuture<Void> close(Duration limit) {
        return commitsSettled(limit.dividedBy(8))
                .thenCompose(done -> subscriber.leave("the consumer is closed", limit.dividedBy(2), limit.dividedBy(4), /* forGood= */ true))
                .handle((done, reason) -> commitsSettled(limit.dividedBy(8)))
                .thenCompose(settled -> settled)
                .whenComplete((done, reason) -> stop());
    }

    private CompletableFuture<Void> commitsSettled(Duration limit) {
        return commits == null ? CompletableFuture.completedFuture(null) : commits.settled(limit);
    }

    /** Ends whatever a close has not come to the end of: a rebalance listener may never return, and others go on on this loop. On the loop. */
    void stop() {
        if (closed) {
            return;
        }
        closed = true;
        subscriber.abandon();
        metadataListener.remove();
        refusals.remove();
        fetcher.close();
        endOffsets.close();
        positions.close();
    }
}
