package dev.kafkaboot.client.consumer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of a partition that were handed out and that the application has not marked as done yet, in the order of their offsets. Guarded by its
 * {@link Assignment}.
 *
 * <p>What may be committed ends before the first of them, whatever was marked behind it, so a record that is marked need not be remembered: what this takes is bounded
 * by how many records may be unmarked at a time.
 *
 * <p>It keeps the records and not only their offsets, because an offset does not say which record is meant: after a seek the same record is handed out again, and after a
 * truncation, or when the topic was made anew, another one under the same offset. A mark of what was handed out before then must not count for what is being worked on
 * now.
 */
final class UnmarkedRecords {

    private final Map<Long, ConsumerRecord<?, ?>> records = new LinkedHashMap<>();
    private boolean awaited = true;

    /** The offset behind the last record that was marked, of those that lie before the position. */
    private long markedTo = -1;

    /** Records were handed out, which lie behind those that are here. */
    void add(List<? extends ConsumerRecord<?, ?>> handedOut) {
        handedOut.forEach(record -> records.put(record.offset(), record));
    }

    /** Takes a record out; false if it is not one of these. */
    boolean mark(ConsumerRecord<?, ?> record) {
        if (records.get(record.offset()) != record) {
            return false;
        }
        records.remove(record.offset());
        markedTo = Math.max(markedTo, record.offset() + 1);
        return true;
    }

    /** Whether something was marked that may be committed and lies at or behind an offset. */
    boolean isMarkedBehind(long offset, long position) {
        return Math.min(markedTo, committable(position)) > offset;
    }

    /** Another record was given to the application in the place of one of these, or, if that is null, none was. */
    void replace(ConsumerRecord<?, ?> record, @Nullable ConsumerRecord<?, ?> given) {
        if (given == null) {
            mark(record);
        } else if (records.get(record.offset()) == record) {
            records.put(record.offset(), given);
        }
    }

    /** What may be committed: the offset of the first of these, or the position if there are none. */
    long committable(long position) {
        return records.isEmpty() ? position : records.keySet().iterator().next();
    }

    int size() {
        return records.size();
    }

    /** Whether the partition is not to be given up before they are marked. */
    boolean isAwaited() {
        return awaited && !records.isEmpty();
    }

    /** Nobody needs to wait until they are marked; they may be, all the same. */
    void awaitNoLonger() {
        awaited = false;
    }

    /**
     * Reading goes on at an offset: what lies behind it is handed out again. What lies before it is not, so it is waited for as before: who skips a record that cannot be
     * read has not finished those before it.
     */
    void movedTo(long offset) {
        records.keySet().removeIf(each -> each >= offset);
        markedTo = Math.min(markedTo, offset);
    }

    /** Forgets them all: they were in another log. */
    void clear() {
        records.clear();
        markedTo = -1;
    }
}
