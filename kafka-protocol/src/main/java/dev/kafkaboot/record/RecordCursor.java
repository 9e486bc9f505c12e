package dev.kafkaboot.record;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the records of a batch without making an object for any of them.
 *
 * <p>What it tells is about the record at which it stands, and is of no meaning before {@link #next()} and after it answered false. One thread.
 */
public abstract class RecordCursor implements AutoCloseable {

    long offset;
    long timestamp;
    int keyPosition;
    int keySize;
    int valuePosition;
    int valueSize;

    RecordCursor() {}

    /**
     * Moves to the next record.
     *
     * @return false if there is none
     * @throws CorruptRecordException if what follows is not a record
     */
    public abstract boolean next();

    /** The bytes that positions refer to. */
    abstract ByteBuffer bytes();

    /** The record's offset. */
    public final long offset() {
        return offset;
    }

    /** The record's timestamp in milliseconds since the epoch, or -1. */
    public final long timestamp() {
        return timestamp;
    }

    /** The key's bytes, or -1 if it is null. */
    public final int keySize() {
        return keySize;
    }

    /** The value's bytes, or -1 if it is null. */
    public final int valueSize() {
        return valueSize;
    }

    /** A copy of the key, or null. */
    public final byte @Nullable [] copyKey() {
        return copy(keyPosition, keySize);
    }

    /** A copy of the value, or null. */
    public final byte @Nullable [] copyValue() {
        return copy(valuePosition, valueSize);
    }

    private byte @Nullable [] copy(int position, int size) {
        if (size < 0) {
            return null;
        }
        byte[] copy = new byte[size];
        bytes().get(position, copy);
        return copy;
    }

    /** The key by reference, valid until the next move; empty if it is null. */
    public final ByteBuffer keyBuffer() {
        return bytes().slice(keyPosition, Math.max(keySize, 0));
    }

    /** The value by reference, valid until the next move; empty if it is null. */
    public final ByteBuffer valueBuffer() {
        return bytes().slice(valuePosition, Math.max(valueSize, 0));
    }

    /** How many headers there are. */
    public abstract int headerCount();

    /** A copy of the headers. */
    public abstract HeaderList headers();

    @Override
    public void close() {}
}
