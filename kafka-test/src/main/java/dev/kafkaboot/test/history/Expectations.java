package dev.kafkaboot.test.history;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run's configuration promises, and what its history shows: what the checker may take for granted. Immutable; each method returns a changed copy.
 */
public final class Expectations {

    private final Set<AnomalyType> allowed;
    private final Set<Flag> flags;
    private final @Nullable Duration operationLimit;
    private final @Nullable Duration progressLimit;

    private enum Flag {
        READ_UNCOMMITTED, UNORDERED, FINAL_READS, REBALANCES_UNSEEN, COMMITS_UNSEEN, FINISHED_ONLY, EARLIEST
    }

    private Expectations(Set<AnomalyType> allowed, Set<Flag> flags, @Nullable Duration operationLimit, @Nullable Duration progressLimit) {
        this.allowed = Collections.unmodifiableSet(allowed);
        this.flags = Collections.unmodifiableSet(flags);
        this.operationLimit = operationLimit;
        this.progressLimit = progressLimit;
    }

    /** Idempotent producers whose order is kept, acks=all, consumers at read_committed: nothing in {@link AnomalyType} is allowed. */
    public static Expectations exactlyOnce() {
        return new Expectations(EnumSet.noneOf(AnomalyType.class), EnumSet.noneOf(Flag.class), null, null);
    }

    /** Producers that are not idempotent, with several requests in flight: a retry may duplicate and reorder. */
    public static Expectations atLeastOnce() {
        return exactlyOnce().unordered().allowing(AnomalyType.DUPLICATE);
    }

    /** Anomalies of these types are not reported, in addition to those that were allowed before. */
    public Expectations allowing(AnomalyType... types) {
        Set<AnomalyType> more = EnumSet.noneOf(AnomalyType.class);
        more.addAll(allowed);
        Collections.addAll(more, types);
        return new Expectations(more, flags, operationLimit, progressLimit);
    }

    /** Consumers read at read_uncommitted: what becomes of a transaction does not matter to what is seen. */
    public Expectations readUncommitted() {
        return with(Flag.READ_UNCOMMITTED);
    }

    /** A later send may get the lower offset. */
    public Expectations unordered() {
        return with(Flag.UNORDERED);
    }

    /** After all faults were healed, every partition was read from its beginning until its last acknowledged offset was passed, or could not be. */
    public Expectations finalReadsDone() {
        return with(Flag.FINAL_READS);
    }

    /** The history does not show rebalances: what a subscribed consumer reads from one poll to the next is not judged. */
    public Expectations rebalancesUnseen() {
        return with(Flag.REBALANCES_UNSEEN);
    }

    /**
     * The history does not show every commit, for the client commits by itself. A committed offset that is told then counts as an automatic commit: it is
     * judged by what had been handed out.
     */
    public Expectations commitsUnseen() {
        return with(Flag.COMMITS_UNSEEN);
    }

    /** Consumers commit only what the history shows as finished, contiguously, as a listener does. */
    public Expectations commitsOnlyFinished() {
        return with(Flag.FINISHED_ONLY);
    }

    /** A group that has no committed offset begins at the beginning (auto.offset.reset=earliest). */
    public Expectations startsAtEarliest() {
        return with(Flag.EARLIEST);
    }

    /** An operation that takes longer is stuck, also if it ends. */
    public Expectations operationsEndWithin(Duration limit) {
        return new Expectations(allowed, flags, limit, progressLimit);
    }

    /** A consumer that polls this long, and gets nothing of a partition that it reads and that has something for it, is stuck. */
    public Expectations progressWithin(Duration limit) {
        return new Expectations(allowed, flags, operationLimit, limit);
    }

    /** Whether anomalies of a type are to be passed over. */
    public boolean allows(AnomalyType type) {
        return allowed.contains(type);
    }

    boolean isReadCommitted() {
        return !flags.contains(Flag.READ_UNCOMMITTED);
    }

    boolean isOrdered() {
        return !flags.contains(Flag.UNORDERED);
    }

    boolean areFinalReadsDone() {
        return flags.contains(Flag.FINAL_READS);
    }

    boolean areRebalancesSeen() {
        return !flags.contains(Flag.REBALANCES_UNSEEN);
    }

    boolean areCommitsSeen() {
        return !flags.contains(Flag.COMMITS_UNSEEN);
    }

    boolean commitOnlyFinished() {
        return flags.contains(Flag.FINISHED_ONLY);
    }

    boolean startAtEarliest() {
        return flags.contains(Flag.EARLIEST);
    }

    @Nullable Duration operationLimit() {
        return operationLimit;
    }

    @Nullable Duration progressLimit() {
        return progressLimit;
    }

    private Expectations with(Flag flag) {
        Set<Flag> more = EnumSet.of(flag);
        more.addAll(flags);
        return new Expectations(allowed, more, operationLimit, progressLimit);
    }
}
