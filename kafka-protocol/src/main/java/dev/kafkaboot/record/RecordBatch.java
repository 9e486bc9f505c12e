package dev.kafkaboot.record;

import dev.kafkaboot.record.compress.CompressionType;

/**
 * A batch that was received: a view on its bytes, decoded only as far as it is asked for.
 *
 * <p>Safe to read by several threads as long as the bytes stay as they are.
 */
public interface RecordBatch {

    /** The version of the format: 0, 1 or 2. */
    int magic();

    /** The offset of the first record, as it was written; compaction may have removed it. */
    long baseOffset();

    /** The offset of the last record, as it was written; compaction may have removed it. */
    long lastOffset();

    /** The offset behind the batch. */
    default long nextOffset() {
        return lastOffset() + 1;
    }

    /** The epoch of the leader that appended it, or -1 if it is not known. */
    int leaderEpoch();

    /** The id of the producer, or -1. */
    long producerId();

    /** The epoch of the producer, or -1. */
    short producerEpoch();

    /** The sequence of the first record, or -1. */
    int baseSequence();

    /** Whether it belongs to a transaction. */
    boolean isTransactional();

    /** Whether it holds a mark of the broker's own and no record of a user. */
    boolean isControlBatch();

    /** What its records are compressed with. */
    CompressionType compressionType();

    /** What its timestamps tell. */
    TimestampType timestampType();

    /** The largest timestamp, in milliseconds since the epoch, or -1. */
    long maxTimestamp();

    /** How many records it claims; for message sets, 1 if it is not compressed and -1 if only reading tells. */
    int recordCount();

    /** Its bytes. */
    int sizeInBytes();

    /**
     * Checks the checksum.
     *
     * @throws CorruptRecordException if the bytes are not those that were written
     */
    void ensureValid();

    /**
     * A cursor before the first record. Close it: it may hold what decompresses.
     *
     * @throws CorruptRecordException if the records cannot be read
     */
    RecordCursor cursor(DecompressionLimits limits);
}
