package dev.kafkaboot.test.fake;

import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** In which epoch of its leader each part of a log was written (KIP-101, KIP-279). */
final class LeaderEpochs {

    static final int UNDEFINED_EPOCH = -1;
    static final long UNDEFINED_OFFSET = -1;

    private final TreeMap<Integer, Long> startByEpoch = new TreeMap<>();

    /** Where an epoch ends: the first offset that is not of it. */
    record End(int epoch, long offset) {

        static final End UNDEFINED = new End(UNDEFINED_EPOCH, UNDEFINED_OFFSET);
    }

    /** An epoch begins at an offset, if it has not begun; one that began there and wrote nothing is forgotten. */
    void begin(int epoch, long offset) {
        if (startByEpoch.isEmpty() || startByEpoch.lastKey() < epoch) {
            startByEpoch.values().removeIf(start -> start >= offset);
            startByEpoch.put(epoch, offset);
        }
    }

    /** The newest epoch, if there is any. */
    OptionalInt latest() {
        return startByEpoch.isEmpty() ? OptionalInt.empty() : OptionalInt.of(startByEpoch.lastKey());
    }

    /** The epoch in which an offset was written, if that is known. */
    OptionalInt of(long offset) {
        OptionalInt found = OptionalInt.empty();
        for (Map.Entry<Integer, Long> entry : startByEpoch.entrySet()) {
            if (entry.getValue() > offset) {
                break;
            }
            found = OptionalInt.of(entry.getKey());
        }
        return found;
    }

    /** The end of the largest epoch that is not larger than one asked for. */
    End endOf(int epoch, long logEndOffset) {
        if (epoch == UNDEFINED_EPOCH) {
            return End.UNDEFINED;
        }
        if (latest().isPresent() && latest().getAsInt() == epoch) {
            return new End(epoch, logEndOffset);
        }
        Map.Entry<Integer, Long> next = startByEpoch.higherEntry(epoch);
        if (next == null) {
            return End.UNDEFINED;
        }
        Integer known = startByEpoch.floorKey(epoch);
        return new End(known == null ? epoch : known, next.getValue());
    }

    /** The log ends at an offset from now on. */
    void truncateTo(long endOffset) {
        startByEpoch.values().removeIf(start -> start >= endOffset);
    }

    /** The log begins at an offset from now on. */
    void startAt(long logStartOffset) {
        OptionalInt first = of(logStartOffset);
        if (first.isPresent()) {
            startByEpoch.headMap(first.getAsInt()).clear();
            startByEpoch.put(first.getAsInt(), logStartOffset);
        }
    }
}
