package dev.kafkaboot.client;

/**
 * Which offset of a partition is asked for.
 *
 * <p>The values at the wire are negative numbers for the named positions and a time for the rest (ListOffsets).
 */
public sealed interface OffsetSpec {

    /** The value that stands for this in a ListOffsets request. */
    long wireTimestamp();

    /** The first version of ListOffsets that has it; a broker that lacks that version refuses to be asked for it. */
    int firstVersion();

    /** The first offset that can still be read. */
    static OffsetSpec earliest() {
        return Position.EARLIEST;
    }

    /** The offset that the next record will get (at read_committed: the last stable offset). */
    static OffsetSpec latest() {
        return Position.LATEST;
    }

    /** The record with the largest timestamp (KIP-734; Kafka 3.0 and newer). */
    static OffsetSpec maxTimestamp() {
        return Position.MAX_TIMESTAMP;
    }

    /**
     * The first offset that the leader has on its own disks; the same as {@link #earliest()} where nothing was moved to remote storage (KIP-405; ListOffsets version 8).
     */
    static OffsetSpec earliestLocal() {
        return Position.EARLIEST_LOCAL;
    }

    /** The last offset that is in remote storage; none where nothing is (KIP-1005; ListOffsets version 9). */
    static OffsetSpec latestTiered() {
        return Position.LATEST_TIERED;
    }

    /** The first offset that was not copied to remote storage yet; none where nothing is copied (KIP-1023; ListOffsets version 11). */
    static OffsetSpec earliestPendingUpload() {
        return Position.EARLIEST_PENDING_UPLOAD;
    }

    /** The first record at or after a time, in milliseconds since the epoch. */
    static OffsetSpec forTimestamp(long epochMillis) {
        return new AtTimestamp(epochMillis);
    }

    /** A position with a name. */
    enum Position implements OffsetSpec {
        LATEST(-1, 1),
        EARLIEST(-2, 1),
        MAX_TIMESTAMP(-3, 7),
        EARLIEST_LOCAL(-4, 8),
        LATEST_TIERED(-5, 9),
        EARLIEST_PENDING_UPLOAD(-6, 11);

        private final long wireTimestamp;
        private final int firstVersion;

        Position(long wireTimestamp, int firstVersion) {
            this.wireTimestamp = wireTimestamp;
            this.firstVersion = firstVersion;
        }

        @Override
        public int firstVersion() {
            return firstVersion;
        }

        @Override
        public long wireTimestamp() {
            return wireTimestamp;
        }
    }

    /**
     * The first record at or after a time.
     *
     * @param epochMillis milliseconds since the epoch, not negative
     */
    record AtTimestamp(long epochMillis) implements OffsetSpec {

        public AtTimestamp {
            if (epochMillis < 0) {
                throw new IllegalArgumentException("A timestamp cannot be negative: " + epochMillis);
            }
        }

        @Override
        public int firstVersion() {
            return 1;
        }

        @Override
        public long wireTimestamp() {
            return epochMillis;
        }
    }
}
