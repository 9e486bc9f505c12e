package dev.kafkaboot.record;

import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.record.compress.Decompressor;
import java.util.OptionalLong;

/**
 * A batch that was received: a view on its bytes, decoded only as far as it is asked for.
 *
 * <p>Safe to read by several threads as long as the bytes stay as they are.
 */
public interface RecordBatch {

    /** The version of the format: 0, 1 or 2. */
    int magic();

    /**
     * The offset of the first record, as it was written; compaction may have removed it. A compressed message set of version 0 or 1 is decompressed to
     * find it.
     *
     * @throws CorruptRecordException if that was necessary and not possible
     */
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

    /** The timestamp that those of the records are stored relative to, in milliseconds since the epoch, or -1. */
    long baseTimestamp();

    /** When its tombstones and transaction marks may be removed, in milliseconds since the epoch, if that was decided (KIP-534). */
    OptionalLong deleteHorizon();

    /** The largest timestamp, in milliseconds since the epoch, or -1. */
    long maxTimestamp();

    /** How many records it claims; for message sets, 1 if it is not compressed and -1 if only reading tells. */
    int recordCount();

    /** Its bytes. */
    int sizeInBytes();

    /**
     * Checks the checksum, and that what the header says is possible.
     *
     * @throws CorruptRecordException if the bytes are not those that were written, or make no batch
     */
    void ensureValid();

    /**
     * A cursor before the first record, for one that reads many batches. Close it: it may hold what decompresses.
     *
     * @param limits how far the records may expand
     * @param decompressor what decompresses; it keeps its memory for the next batch
     * @throws CorruptRecordException if the records cannot be read
     * @throws dev.kafkaboot.record.compress.MissingCodecException if they are compressed and the codec's library is not on the class path
     */
    RecordCursor cursor(DecompressionLimits limits, Decompressor decompressor);

    /**
     * A cursor before the first record, for one that reads few batches: if they are compressed, all that decompresses is made for this batch alone.
     *
     * @param limits how far the records may expand
     * @throws CorruptRecordException if the records cannot be read
     * @throws dev.kafkaboot.record.compress.MissingCodecException if they are compressed and the codec's library is not on the class path
     */
    default RecordCursor cursor(DecompressionLimits limits) {
        // Closed at once, it keeps nothing: what it opens lets go of its memory as soon as the cursor is closed.
        try (Decompressor ownDecompressor = new Decompressor()) {
            return cursor(limits, ownDecompressor);
        }
    }
}
