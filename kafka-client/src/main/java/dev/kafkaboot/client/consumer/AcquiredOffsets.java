package dev.kafkaboot.client.consumer;

import dev.kafkaboot.protocol.message.ShareFetchResponse.AcquiredRecords;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;

/** The offsets that a broker has acquired for this member, passed one after the other, with how often each was delivered. One thread at a time. */
final class AcquiredOffsets {

    /** More than brokers lock in a partition. Whoever claims more is not believed. */
    private static final long MOST = 16 * 1024 * 1024;

    private final List<AcquiredRecords> ranges;
    private int range;
    private long next;

    /**
     * None is passed.
     *
     * @throws IllegalArgumentException if the ranges overlap, or end before they begin, or are impossibly long
     */
    AcquiredOffsets(List<AcquiredRecords> acquired) {
        this.ranges = acquired.stream().sorted(Comparator.comparingLong(AcquiredRecords::firstOffset)).toList();
        long behind = 0;
        long count = 0;
        for (AcquiredRecords each : ranges) {
            long length = each.lastOffset() - each.firstOffset() + 1;
            count += length;
            if (each.firstOffset() < behind || length <= 0 || length > MOST || count > MOST) {
                throw new IllegalArgumentException("the acquired offsets " + each.firstOffset() + " to " + each.lastOffset() + " make no sense");
            }
            behind = each.lastOffset() + 1;
        }
        this.next = ranges.isEmpty() ? 0 : ranges.get(0).firstOffset();
    }

    /** Whether all are passed. */
    boolean isEmpty() {
        return range == ranges.size();
    }

    /** The next one. */
    long next() {
        return next;
    }

    /** How often the next one was delivered, this time included. */
    short deliveryCount() {
        return ranges.get(range).deliveryCount();
    }

    /** Passes the next one. */
    void pass() {
        if (next < ranges.get(range).lastOffset()) {
            next++;
        } else if (++range < ranges.size()) {
            next = ranges.get(range).firstOffset();
        }
    }

    /** Passes those below a limit. */
    void passBelow(long limit, LongConsumer passed) {
        while (!isEmpty() && next < limit) {
            passed.accept(next);
            pass();
        }
    }
}
