package dev.kafkaboot.client;

/**
 * Which offset of a partition is asked for.
 *
 * <p>The values at the wire are negative numbers for the named positions and a time for the rest (ListOffsets).
 */
public sealed interface OffsetSpec {

    /** The value that stands for this in a ListOffsets request. */
    long wireTimestamp();

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

    /** The first record at or after a time, in milliseconds since the epoch. */
    static OffsetSpec forTimestamp(long epochMillis) {
        return new AtTimestamp(epochMillis);
    }

    /** A position with a name. */
    enum Position implements OffsetSpec {
        LATEST(-1),
        EARLIEST(-2),
        MAX_TIMESTAMP(-3);

        private final long wireTimestamp;

        Position(long wireTimestamp) {
            this.wireTimestamp = wireTimestamp;
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
        public long wireTimestamp() {
            return epochMillis;
        }
    }
}
