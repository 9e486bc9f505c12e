package dev.kafkaboot.record;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The batches in what a broker answered to a fetch, one after the other. The last one may be cut off, which is usual, and is left out.
 *
 * <p>One thread.
 */
public final class RecordBatches implements Iterator<RecordBatch> {

    private final ByteBuffer bytes;
    private final DecompressionLimits limits;
    private @Nullable RecordBatch next;

    private RecordBatches(ByteBuffer bytes, DecompressionLimits limits) {
        this.bytes = bytes;
        this.limits = limits;
    }

    /** Reads the batches in what remains of a buffer, which stays as it is. */
    public static RecordBatches read(ByteBuffer bytes) {
        return read(bytes, DecompressionLimits.DEFAULT);
    }

    /**
     * Reads the batches in what remains of a buffer, which stays as it is.
     *
     * @param limits how far a compressed message set of version 0 or 1 may expand when it is asked for its first offset, which only reading tells
     */
    public static RecordBatches read(ByteBuffer bytes, DecompressionLimits limits) {
        return new RecordBatches(bytes.slice(), limits);
    }

    /**
     * Whether another whole batch follows.
     *
     * @throws CorruptRecordException if what follows is no batch
     */
    @Override
    public boolean hasNext() {
        if (next == null) {
            next = readNext();
        }
        return next != null;
    }

    @Override
    public RecordBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        RecordBatch batch = next;
        next = null;
        return Objects.requireNonNull(batch);
    }

    /**
     * The size that the batch which was cut off claims to have; asked for behind the last whole batch. If there was no whole batch, so much must be
     * fetched to read it.
     *
     * @return its size in bytes, or 0 if nothing or too little of it is there to tell
     */
    public long sizeOfPartialBatch() {
        return bytes.remaining() < BatchLayout.LOG_OVERHEAD ? 0 : length(bytes.position()) + (long) BatchLayout.LOG_OVERHEAD;
    }

    private int length(int start) {
        int length = bytes.getInt(start + BatchLayout.LENGTH);
        if (length < LegacyRecordBatch.SMALLEST_LENGTH) {
            throw new CorruptRecordException("The batch at offset " + bytes.getLong(start) + " claims a length of " + length
                    + "; the smallest has " + LegacyRecordBatch.SMALLEST_LENGTH);
        }
        return length;
    }

    private @Nullable RecordBatch readNext() {
        if (bytes.remaining() <= BatchLayout.MAGIC) {
            return null;
        }
        int start = bytes.position();
        int length = length(start);
        if (length > bytes.remaining() - BatchLayout.LOG_OVERHEAD) {
            return null;
        }
        int size = length + BatchLayout.LOG_OVERHEAD;
        ByteBuffer batch = bytes.slice(start, size);
        byte magic = batch.get(BatchLayout.MAGIC);
        RecordBatch result = switch (magic) {
            case 0, 1 -> new LegacyRecordBatch(batch, limits);
            case 2 -> new DefaultRecordBatch(batch);
            default -> throw new CorruptRecordException("The batch at offset " + bytes.getLong(start) + " has an unknown version, " + magic);
        };
        bytes.position(start + size);
        return result;
    }
}
