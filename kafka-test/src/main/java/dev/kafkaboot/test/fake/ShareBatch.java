package dev.kafkaboot.test.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Consecutive offsets that a share group was given at once. While the same happens to all of them, they are given out as one range; from the first difference on, each
 * is looked at by itself.
 */
final class ShareBatch {

    private final long firstOffset;
    private final List<ShareRecord> records = new ArrayList<>();
    private boolean split;

    ShareBatch(long firstOffset, long lastOffset) {
        this.firstOffset = firstOffset;
        for (long offset = firstOffset; offset <= lastOffset; offset++) {
            records.add(new ShareRecord());
        }
    }

    long firstOffset() {
        return firstOffset;
    }

    long lastOffset() {
        return firstOffset + records.size() - 1;
    }

    int size() {
        return records.size();
    }

    /** The record at an offset of this batch. */
    ShareRecord at(long offset) {
        return records.get((int) (offset - firstOffset));
    }

    /** The offsets, in order. */
    LongStream offsets() {
        return LongStream.rangeClosed(firstOffset, lastOffset());
    }

    List<ShareRecord> records() {
        return records;
    }

    /** Whether its records went ways of their own. */
    boolean isSplit() {
        return split;
    }

    void split() {
        split = true;
    }

    boolean isWithin(long first, long last) {
        return firstOffset >= first && lastOffset() <= last;
    }

    boolean hasAvailable() {
        return records.stream().anyMatch(ShareRecord::isAvailable);
    }
}
