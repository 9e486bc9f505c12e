package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.LogTruncationException;
import dev.kafkaboot.client.NoOffsetForPartitionException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.OffsetAndTimestamp;
import dev.kafkaboot.client.OffsetOutOfRangeException;
import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives positions to partitions that have none: from what was committed, or by a reset. On the loop, but for {@link #wake}.
 *
 * <p>A partition without a committed offset is reset by {@code auto.offset.reset}; one whose lookup fails is asked for again and never reset on account of
 * that. An answer is dropped if the position has moved meanwhile, by a seek for one. Each partition has its position as soon as it is known, whatever becomes
 * of the others.
 */
final class Positions {

    private static final Logger LOG = LoggerFactory.getLogger(Positions.class);

    private final EventLoop loop;
    private final Assignment assignment;
    private final OffsetLookups lookups;
    private final @Nullable CommittedOffsets committed;
    private final ResetCommits resets;
    private final OffsetResetPolicy policy;
    private final OutOfRangeReset outOfRange;
    private final ConsumerListener listener;
    private final Backoff backoff;
    private final Duration requestTimeout;
    private final Runnable onChange;
    private final Alarm alarm;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** What the listener is to hear once nobody holds the assignment's lock: it is the application's, and may call the consumer, or wait for who waits for it. */
    private final List<Runnable> untold = new ArrayList<>();
    private boolean closed;

    /**
     * No positions yet.
     *
     * @param onChange called when a partition has a position, or an error to tell
     */
    Positions(
            EventLoop loop, Assignment assignment, OffsetLookups lookups, @Nullable CommittedOffsets committed, ResetCommits resets,
            ClientConfig config, ConsumerListener listener, Runnable onChange) {
        this.loop = loop;
        this.assignment = assignment;
        this.lookups = lookups;
        this.committed = committed;
        this.resets = resets;
        this.policy = config.get(ConsumerConfig.AUTO_OFFSET_RESET);
        this.outOfRange = config.get(ConsumerConfig.AUTO_OFFSET_RESET_OUT_OF_RANGE);
        this.listener = listener;
        this.backoff = new Backoff(config.get(CommonConfig.RETRY_BACKOFF), config.get(CommonConfig.RETRY_BACKOFF_MAX));
        this.requestTimeout = config.get(CommonConfig.REQUEST_TIMEOUT);
        this.onChange = onChange;
        this.alarm = new Alarm(loop, this::update);
    }

    /** Some partitions may need positions. Any thread; calls that come together cost one look. */
    void wake() {
        if (scheduled.compareAndSet(false, true)) {
            loop.execute(() -> {
                scheduled.set(false);
                update();
            });
        }
    }

    private void update() {
        tell();
        if (closed) {
            return;
        }
        long now = loop.nanoTime();
        Map<TopicPartition, Asked> fromCommitted = new LinkedHashMap<>();
        Map<TopicPartition, Asked> byReset = new LinkedHashMap<>();
        Map<TopicPartition, OffsetSpec> specs = new LinkedHashMap<>();
        boolean hasErrors = false;
        synchronized (assignment) {
            for (PartitionState state : assignment.states()) {
                if (!isToBeAsked(state, now)) {
                    continue;
                }
                if (state.source == PartitionState.Source.COMMITTED && committed == null) {
                    applyPolicy(state);
                    hasErrors |= state.error != null;
                }
                OffsetSpec spec = state.reset;
                if (state.source == PartitionState.Source.COMMITTED && committed != null) {
                    fromCommitted.put(state.partition, new Asked(state, resets.commitsSoFar()));
                } else if (spec != null) {
                    byReset.put(state.partition, new Asked(state, resets.commitsSoFar()));
                    specs.put(state.partition, spec);
                }
            }
        }
        if (hasErrors) {
            onChange.run();
        }
        if (committed != null && !fromCommitted.isEmpty()) {
            committed.fetch(fromCommitted.keySet(), requestTimeout, new CommittedSink(fromCommitted));
        }
        if (!specs.isEmpty()) {
            lookups.find(specs, requestTimeout, new ResetSink(byReset));
        }
        resets.commitDue();
    }

    private boolean isToBeAsked(PartitionState state, long now) {
        if (state.source == PartitionState.Source.KNOWN || state.error != null || state.revoking || state.askedEpoch == state.epoch) {
            return false;
        }
        if (!state.lookupPace.isDue(now)) {
            alarm.noLaterThan(state.lookupPace.due());
            return false;
        }
        return true;
    }

    /** A partition that is looked up, and the epoch under which. */
    private static final class Asked {

        private final PartitionState state;
        private final long epoch;
        private final long commitsSoFar;

        Asked(PartitionState state, long commitsSoFar) {
            this.state = state;
            this.epoch = state.epoch;
            this.commitsSoFar = commitsSoFar;
            state.askedEpoch = epoch;
        }

        /** Whether the answer still counts. */
        boolean isCurrent() {
            return state.epoch == epoch;
        }
    }

    /** Hears of lookups under the assignment's lock; an answer that is not current any more is dropped. */
    private abstract class Sink<T> implements LookupSink<T> {

        private final Map<TopicPartition, Asked> asked;

        Sink(Map<TopicPartition, Asked> asked) {
            this.asked = asked;
        }

        abstract void apply(Asked to, @Nullable T found);

        @Override
        public final void found(TopicPartition partition, @Nullable T found) {
            whenCurrent(partition, to -> {
                to.state.lookupPace.succeeded();
                apply(to, found);
            });
        }

        @Override
        public final void failed(TopicPartition partition, Throwable reason) {
            Throwable cause = Failures.cause(reason);
            whenCurrent(partition, to -> {
                to.state.lookupPace.failed(loop, backoff);
                if (cause instanceof KafkaException known && !known.isRetriable()) {
                    to.state.error = known;
                }
            });
        }

        private void whenCurrent(TopicPartition partition, java.util.function.Consumer<Asked> then) {
            Asked to = asked.get(partition);
            if (to == null || closed) {
                return;
            }
            synchronized (assignment) {
                if (to.isCurrent()) {
                    to.state.askedEpoch = -1;
                    then.accept(to);
                }
            }
            tell();
            onChange.run();
            wake();
        }
    }

    private void tell() {
        List<Runnable> all = List.copyOf(untold);
        untold.clear();
        all.forEach(Runnable::run);
    }

    private void positionLost(TopicPartition partition, long lost, long resumedAt) {
        untold.add(() -> listener.positionLost(partition, lost, resumedAt));
        wake();
    }

    private final class CommittedSink extends Sink<OffsetAndMetadata> {

        CommittedSink(Map<TopicPartition, Asked> asked) {
            super(asked);
        }

        @Override
        void apply(Asked to, @Nullable OffsetAndMetadata offset) {
            if (offset != null) {
                to.state.moveTo(offset.offset(), offset.leaderEpoch());
            } else {
                applyPolicy(to.state);
                to.state.resetForWantOfCommit = true;
            }
        }
    }

    private final class ResetSink extends Sink<OffsetAndTimestamp> {

        ResetSink(Map<TopicPartition, Asked> asked) {
            super(asked);
        }

        @Override
        void apply(Asked to, @Nullable OffsetAndTimestamp offset) {
            PartitionState state = to.state;
            if (offset == null) {
                foundNoTime(state);
                return;
            }
            boolean isToBeKept = state.resetByPolicy && state.reset != OffsetSpec.earliest();
            long lost = state.lostPosition;
            state.moveTo(offset.offset(), offset.leaderEpoch());
            if (lost >= 0) {
                if (state.position > lost) {
                    assignment.forgetWork(state); // the log begins behind what was handed out
                }
                tellLost(state, lost);
            }
            if (isToBeKept) {
                resets.found(state, to.commitsSoFar);
            }
        }
    }

    /** There is no record at or after the time that was asked for. */
    private void foundNoTime(PartitionState state) {
        long lost = state.lostPosition;
        if (state.resetByLastSeen) {
            if (policy.equals(OffsetResetPolicy.NONE)) {
                state.lookupPace.failed(loop, backoff); // it is told poll after poll, and looked for before each
            }
            resetLost(state, lost);
            return;
        }
        // What comes next is one.
        boolean byPolicy = state.resetByPolicy;
        boolean forWantOfCommit = state.resetForWantOfCommit;
        state.resetTo(OffsetSpec.latest());
        state.resetByPolicy = byPolicy;
        state.resetForWantOfCommit = forWantOfCommit;
        state.lostPosition = lost;
    }

    private void applyPolicy(PartitionState state) {
        OffsetSpec spec = policy.spec(loop.currentTimeMillis());
        if (spec == null) {
            state.lookupPace.failed(loop, backoff);
            state.error = new NoOffsetForPartitionException(Set.of(state.partition));
        } else {
            state.resetTo(spec);
        }
        state.resetByPolicy = spec != null;
    }

    /**
     * A fetch found the position outside of what the partition holds. Called with the assignment's lock held.
     *
     * <p>If it lies behind the log's end, what was handed out and lies before the new end is in the log still, and may still be worked on; which of the two it is shows
     * only when the reset has found a position.
     */
    void outOfRange(PartitionState state) {
        long lost = state.position;
        if (outOfRange == OutOfRangeReset.LAST_SEEN && state.lastTimestamp >= 0) {
            LOG.warn("{}: the position, {}, is not in the log any more; reading goes on at the first record that is not older than the last one that was handed out ({})",
                    state.partition, lost, Instant.ofEpochMilli(state.lastTimestamp));
            state.resetTo(OffsetSpec.forTimestamp(state.lastTimestamp));
            state.resetByPolicy = true;
            state.resetByLastSeen = true;
            state.lostPosition = lost;
        } else {
            resetLost(state, lost);
        }
        wake();
    }

    private void resetLost(PartitionState state, long lost) {
        if (policy.equals(OffsetResetPolicy.NONE)) {
            state.error = new OffsetOutOfRangeException(Map.of(state.partition, lost));
            return;
        }
        LOG.warn("{}: the position, {}, is not in the log any more; reading goes on as auto.offset.reset says, {}", state.partition, lost, policy);
        applyPolicy(state);
        state.lostPosition = lost;
    }

    /** Reading has gone on elsewhere. */
    private void tellLost(PartitionState state, long lost) {
        long resumedAt = state.position;
        if (resumedAt > lost) {
            LOG.warn("{}: the records from offset {} to {} are not read; reading goes on at {}", state.partition, lost, resumedAt - 1, resumedAt);
        } else {
            LOG.warn("{}: reading goes back to {}; what was read from there to offset {} is not in the log any more, or is read again", state.partition, resumedAt,
                    lost - 1);
        }
        positionLost(state.partition, lost, resumedAt);
    }

    /**
     * The topic was deleted and made again: the position was one in the old topic. Called with the assignment's lock held, so the caller wakes polls afterwards if
     * there is an error to tell.
     */
    void topicMadeAnew(PartitionState state) {
        state.unmarked.clear();
        state.committed = -1;
        assignment.forgetWork(state);
        state.lastTimestamp = -1;
        if (policy.equals(OffsetResetPolicy.NONE)) {
            state.fetchPace.failed(loop, backoff);
            state.error = new OffsetOutOfRangeException("Topic '" + state.partition.topic() + "' was deleted and made again, so the position of "
                    + state.partition + ", " + state.position + ", means nothing, and auto.offset.reset is 'none': seek to where to begin",
                    Map.of(state.partition, state.position));
            return;
        }
        LOG.warn("{}: the topic was deleted and made again; reading goes on as auto.offset.reset says, {}", state.partition, policy);
        applyPolicy(state);
        wake();
    }

    /**
     * The log differs from what was read, from an offset on: it was truncated (KIP-320). Called with the assignment's lock held.
     *
     * @param endOffset where the leader epoch ends in which the log and what was read are still the same
     * @param leaderEpoch that epoch
     */
    void truncated(PartitionState state, long endOffset, int leaderEpoch) {
        Integer epoch = leaderEpoch < 0 ? null : leaderEpoch;
        if (endOffset >= state.position) {
            LOG.warn("{}: the log was truncated and written anew before the position, {}; what was read there is not in it any more", state.partition,
                    state.position);
            state.positionLeaderEpoch = epoch;
            state.dropFetched();
        } else if (policy.equals(OffsetResetPolicy.NONE)) {
            state.fetchPace.failed(loop, backoff);
            state.error = new LogTruncationException(
                    Map.of(state.partition, state.position), Map.of(state.partition, new OffsetAndMetadata(endOffset, epoch, "")));
        } else {
            LOG.warn("{}: the log was truncated; what was read from offset {} to {} is lost, and reading goes on at {}", state.partition, endOffset,
                    state.position - 1, endOffset);
            long lost = state.position;
            state.moveTo(endOffset, epoch);
            positionLost(state.partition, lost, endOffset);
        }
    }

    void close() {
        closed = true;
        alarm.cancel();
    }
}
