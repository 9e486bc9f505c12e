package dev.kafkaboot.test.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Where transactions lie in a log: what read-committed consumers must wait for, and what they must leave out (KIP-98). */
final class TransactionIndex {

    private final TreeMap<Long, Long> producersByStart = new TreeMap<>();
    private final TreeMap<Long, Long> endsByStart = new TreeMap<>();
    private final List<Aborted> aborted = new ArrayList<>();

    /** A transaction that was aborted: its producer, its first offset, and the offset of the mark that ended it. */
    record Aborted(long producerId, long firstOffset, long lastOffset) {}

    /** A producer wrote the first batch of a transaction. */
    void began(long producerId, long firstOffset) {
        producersByStart.put(firstOffset, producerId);
    }

    /** A mark was written that ends a transaction. */
    void ended(long producerId, long firstOffset, long markOffset, boolean commit) {
        producersByStart.remove(firstOffset);
        endsByStart.put(firstOffset, markOffset);
        if (!commit) {
            aborted.add(new Aborted(producerId, firstOffset, markOffset));
        }
    }

    /** The first offset that is undecided: its transaction is open, or its mark has not been replicated. */
    OptionalLong firstUndecided(long highWatermark) {
        endsByStart.values().removeIf(mark -> mark < highWatermark);
        long open = producersByStart.isEmpty() ? Long.MAX_VALUE : producersByStart.firstKey();
        long unreplicated = endsByStart.isEmpty() ? Long.MAX_VALUE : endsByStart.firstKey();
        long first = Math.min(open, unreplicated);
        return first == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(first);
    }

    /** The aborted transactions that have something in a range of offsets, in the order in which they were aborted. */
    List<Aborted> abortedWithin(long from, long to) {
        return aborted.stream().filter(transaction -> transaction.lastOffset >= from && transaction.firstOffset < to).toList();
    }

    /** The log begins at an offset from now on. */
    void startAt(long logStartOffset) {
        aborted.removeIf(transaction -> transaction.lastOffset < logStartOffset);
    }

    /** Forgets all. */
    void clear() {
        producersByStart.clear();
        endsByStart.clear();
        aborted.clear();
    }
}
