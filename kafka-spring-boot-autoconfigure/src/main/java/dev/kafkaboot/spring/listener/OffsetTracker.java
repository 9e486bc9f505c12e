package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.OffsetAndMetadata;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Knows how far a partition is done, whatever the order in which its records are finished.
 *
 * <p>Records are kept in the order in which they came. What may be committed is the end of the part at the front in which every record is done; one that is
 * not holds back all behind it. Offsets need not follow each other: compaction and transactions leave gaps. Not thread-safe; {@link PartitionWork} guards it.
 */
final class OffsetTracker {

    /** A record's place. */
    static class Entry {

        final long offset;
        private final @Nullable Integer leaderEpoch;
        private final boolean endOfPoll;
        private boolean done;
        private boolean forgotten;

        Entry(long offset, @Nullable Integer leaderEpoch, boolean endOfPoll) {
            this.offset = offset;
            this.leaderEpoch = leaderEpoch;
            this.endOfPoll = endOfPoll;
        }

        final boolean isDone() {
            return done;
        }

        /** Whether the position was moved to it or before it since it came: then its record comes again, or is not in the log any more. */
        final boolean isForgotten() {
            return forgotten;
        }
    }

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private @Nullable Entry lastAdded;
    private @Nullable Entry lastInPrefix;
    private @Nullable Entry lastPollInPrefix;
    private long committed = -1;

    /**
     * Adds the record that comes next.
     *
     * @return false if it is not behind those that came before: then the position was moved back, and the caller {@linkplain #movedTo tells} where to
     */
    boolean add(Entry entry) {
        Entry last = lastAdded;
        if (last != null && entry.offset <= last.offset) {
            return false;
        }
        lastAdded = entry;
        entries.add(entry);
        return true;
    }

    /** Marks a record as done; one that is not here (any more) changes nothing. */
    void complete(Entry entry) {
        if (entry.done) {
            return;
        }
        entry.done = true;
        while (!entries.isEmpty() && entries.peek().done) {
            Entry first = entries.remove();
            lastInPrefix = first;
            if (first.endOfPoll) {
                lastPollInPrefix = first;
            }
        }
    }

    /** What is to be committed now: everything that is done without a gap, unless that is committed. */
    @Nullable OffsetAndMetadata committable() {
        return behind(lastInPrefix);
    }

    /** What is to be committed now if commits are made by whole polls. */
    @Nullable OffsetAndMetadata committablePolls() {
        return behind(lastPollInPrefix);
    }

    private @Nullable OffsetAndMetadata behind(@Nullable Entry last) {
        return last == null || last.offset + 1 <= committed ? null : new OffsetAndMetadata(last.offset + 1, last.leaderEpoch, "");
    }

    /** Notes that a commit succeeded. One that reaches beyond what is done here was made before the position {@linkplain #movedTo was moved}, and says nothing of what came since. */
    void committed(long offset) {
        Entry last = lastInPrefix;
        if (last != null && offset <= last.offset + 1) {
            committed = Math.max(committed, offset);
        }
    }

    /** How many records came that are not done, or are done behind one that is not. */
    int size() {
        return entries.size();
    }

    /** The first record that is not done, or null if all are. */
    @Nullable Entry first() {
        return entries.peek();
    }

    /** Lets go of all entries, when nothing that is done counts any more: they are the records. */
    void clear() {
        entries.clear();
        lastAdded = null;
        lastInPrefix = null;
        lastPollInPrefix = null;
    }

    /**
     * The position was moved back, by a seek, a reset or a truncation: what lies at it and behind it is forgotten, and what comes next stands for itself. What lies
     * before it does not come again, so it is waited for as before.
     *
     * @return how many of those that are forgotten were not done
     */
    int movedTo(long offset) {
        int unfinished = 0;
        while (!entries.isEmpty() && entries.getLast().offset >= offset) {
            Entry last = entries.removeLast();
            last.forgotten = true;
            unfinished += last.done ? 0 : 1;
        }
        if (lastInPrefix != null && lastInPrefix.offset >= offset) {
            lastInPrefix = null;
            lastPollInPrefix = null;
            committed = -1;
        }
        lastAdded = entries.isEmpty() ? lastInPrefix : entries.getLast();
        return unfinished;
    }
}
