package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.protocol.Uuid;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A partition that is assigned: its position, and what was fetched of it and not handed out yet. Guarded by its {@link Assignment}.
 *
 * <p>The position is the offset of the next record to hand out. It moves by handing out, by seeks and by resets, and by nothing else; every change but
 * the first starts a new epoch, and what was asked or fetched under an older one is dropped. Epochs are counted for the consumer as a whole, so that no
 * two positions ever have the same one, be it in two assignments of one partition.
 *
 * <p>What is buffered is one unbroken run: it begins at the position and ends at {@link #fetchOffset}. An answer is added only if it was asked for at that
 * end ({@link #isContinuedBy}). So it does not matter how many requests for the partition are under way, at which brokers, or which of them is answered
 * first.
 */
final class PartitionState {

    /** Where the position is to come from. */
    enum Source {
        /** It is there. */
        KNOWN,
        /** From what was committed. */
        COMMITTED,
        /** From {@link #reset}. */
        RESET
    }

    /**
     * An automatic commit.
     *
     * @param offset what was committed
     * @param nanos when, by the loop's clock
     * @param outcome what became of it
     */
    record AutoCommit(long offset, long nanos, CompletableFuture<Void> outcome) {

        /** Whether an offset need not be committed again. */
        boolean covers(long finished) {
            return offset == finished && !outcome.isCompletedExceptionally();
        }

        boolean isOlderThan(Duration age, long nowNanos) {
            return nowNanos - nanos > age.toNanos();
        }
    }

    final TopicPartition partition;
    final Deque<CompletedFetch> fetched = new ArrayDeque<>(2);

    /** What was handed out and is not marked; nothing where records are not marked. */
    final UnmarkedRecords unmarked = new UnmarkedRecords();

    private final int maxUnmarked;

    Source source = Source.COMMITTED;
    long position = -1;

    /** Where the position was put when it was last moved other than by handing out; of no meaning while it is looked up. */
    long movedTo = Long.MAX_VALUE;

    @Nullable Integer positionLeaderEpoch;
    @Nullable OffsetSpec reset;

    /** Whether it is {@code auto.offset.reset} that resets, and not the application. */
    boolean resetByPolicy;

    /** Whether it is reset because nothing is committed, and not because the position is not in the log any more. */
    boolean resetForWantOfCommit;

    /** Whether the time of the last record that was handed out is looked for, and not what {@code auto.offset.reset} says. */
    boolean resetByLastSeen;

    /** The position that is reset because the log does not hold it any more, or -1. */
    long lostPosition = -1;

    /** The timestamp of the last record that was handed out since the application moved the position, or -1. */
    long lastTimestamp = -1;

    /** The epoch under which the position is being looked up, or -1. */
    long askedEpoch = -1;

    final Pace lookupPace = new Pace();
    long epoch;

    boolean paused;

    /** Whether the rebalance listener has heard of it; before that no record is handed out. */
    boolean announced = true;

    /** Whether it is about to be given up; then no record is handed out any more. */
    boolean revoking;

    /** Whether it is about to be given up because the group has dropped this member: others may have it already. */
    boolean lost;

    /** Whether a thread decodes records of it at the moment; others leave it alone, to keep the order. */
    boolean taken;

    /** Thrown by the next poll, once. */
    @Nullable RuntimeException error;

    /** Bytes that were fetched and not handed out. */
    long bufferedBytes;

    /** The topic in which the position is, once a fetch there was not refused; a topic of the same name with another id is another topic (KIP-516). */
    @Nullable Uuid topicId;

    /** The replica that the leader wants this consumer to read from (KIP-392), or -1; and until when. */
    int preferredReplica = -1;

    long preferredUntil;

    /** The replica that the leader has named last and that could not be read from, or -1; of the loop. */
    int failedReplica = -1;

    /** How soon that one may be read from again; until then the leader is. */
    final Pace replicaPace = new Pace();

    /** The last automatic commit, if there was one; of the loop. */
    @Nullable AutoCommit autoCommit;

    /** What a broker has taken in last of the commits that were made while it was assigned, or -1. */
    long committed = -1;

    /** The offset behind the last record that may be read, or -1. */
    long endOffset = -1;

    /** The next offset to fetch; of the loop, and of no meaning under another epoch than {@link #fetchEpoch}. */
    long fetchOffset = -1;

    long fetchEpoch = -1;

    /** The epoch of the leader that wrote what lies before {@link #fetchOffset}, or -1. */
    int fetchLeaderEpoch = -1;

    /** The broker that was asked last, or -1; of the loop. */
    int fetchBroker = -1;

    /** Since when there is no room for more, if {@link #isFull}, in nanoseconds of the loop's clock; of the loop. */
    long fullSinceNanos;

    /** Whether it was left out of fetches because there was no room for more; of the loop. */
    boolean isFull;

    /** Whether it is not fetched before something of it is marked: what was fetched of it has made way, or there was no room for more of what may not be handed out. */
    boolean awaitsMarks;

    /** Whether the record at the position could not be read, which is told again and again until the position is moved: nothing behind it can be handed out. */
    boolean unreadable;

    /** Whether what was fetched last cannot be read any further, so that there is nothing to ask for behind it. */
    boolean fetchEnds;

    final Pace fetchPace = new Pace();

    private final LongSupplier epochs;

    /**
     * A partition without a position.
     *
     * @param maxUnmarked how many records may be handed out without being marked
     * @param epochs counts the epochs of all positions of the consumer
     */
    PartitionState(TopicPartition partition, int maxUnmarked, LongSupplier epochs) {
        this.partition = partition;
        this.maxUnmarked = maxUnmarked;
        this.epochs = epochs;
        this.epoch = epochs.getAsLong();
    }

    /** Sets the position by a seek, a commit that was looked up, or a reset. */
    void moveTo(long offset, @Nullable Integer leaderEpoch) {
        position = offset;
        movedTo = offset;
        positionLeaderEpoch = leaderEpoch;
        source = Source.KNOWN;
        reset = null;
        resetByLastSeen = false;
        lostPosition = -1;
        unmarked.movedTo(offset);
        newEpoch();
    }

    /** Lets the position be looked up anew. */
    void resetTo(OffsetSpec spec) {
        source = Source.RESET;
        movedTo = Long.MAX_VALUE;
        reset = spec;
        resetByPolicy = false;
        resetForWantOfCommit = false;
        resetByLastSeen = false;
        lostPosition = -1;
        newEpoch();
    }

    /** Whether an answer belongs behind what is buffered: it was asked for there, under the present epoch, and nothing was dropped since. */
    boolean isContinuedBy(long askedEpoch, long askedOffset) {
        return askedEpoch == epoch && fetchEpoch == epoch && askedOffset == fetchOffset;
    }

    /** Lets nothing that was asked or fetched so far count any more. */
    void newEpoch() {
        epoch = epochs.getAsLong();
        error = null;
        unreadable = false;
        topicId = null;
        preferredReplica = -1;
        dropFetched();
    }

    /** Forgets what was fetched and not handed out; it will be fetched again from the position, and what is still under way does not fit any more. */
    void dropFetched() {
        fetched.forEach(CompletedFetch::close);
        fetched.clear();
        fetchEpoch = -1;
        fetchEnds = false;
    }

    /** Lets fetching begin at the position, unless it has begun already. */
    void beginFetching() {
        if (fetchEpoch != epoch) {
            fetchEpoch = epoch;
            fetchOffset = position;
            fetchLeaderEpoch = positionLeaderEpoch == null ? -1 : positionLeaderEpoch;
        }
    }

    /** The replica that is read from in the leader's place has failed: the leader is asked. */
    void giveUpReplica(EventLoop loop, Backoff backoff) {
        failedReplica = preferredReplica;
        preferredReplica = -1;
        replicaPace.failed(loop, backoff);
    }

    /** Whether the leader itself is to be read from, whatever replica it would name. */
    boolean isForLeader(long now) {
        return failedReplica >= 0 && !replicaPace.isDue(now);
    }

    /** Whether records are marked whose commit has not even begun, or has failed; a commit of several partitions may have failed because of the others. */
    boolean hasUncommittedMarks() {
        AutoCommit last = autoCommit;
        long taken = committed < 0 ? movedTo : committed;
        long from = last == null || last.outcome.isDone() ? taken : last.offset;
        return source == Source.KNOWN && unmarked.isMarkedBehind(from, position);
    }

    /** Where its position is to come from, for messages. */
    String origin() {
        return source == Source.COMMITTED ? "the committed offset" : "a reset to " + reset;
    }

    void refuseIfRevoking(String what) {
        if (revoking) {
            throw new IllegalStateException("Partition " + partition + " is being given up, and " + what);
        }
    }

    boolean isReadable() {
        return source == Source.KNOWN && !paused && announced && !revoking;
    }

    /** Whether fetches tell nothing of it at the moment. */
    boolean isNotFetched() {
        return source == Source.KNOWN && !revoking && (paused || awaitsMarks || !fetched.isEmpty());
    }

    /** Whether a poll that comes now finds something fetched. */
    boolean hasRecords() {
        return isReadable() && !fetched.isEmpty() && mayHandOut() > 0;
    }

    /** How many more records may be handed out before some are marked. */
    int mayHandOut() {
        return maxUnmarked - unmarked.size();
    }

    OptionalLong lag() {
        return endOffset < 0 || position < 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(0, endOffset - position));
    }
}
