package dev.kafkaboot.test.fake;

import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordCursor;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A record as it lies in a {@link FakeLog}. Immutable, if nobody writes to its arrays. */
public final class FakeRecord {

    private final long offset;
    private final long timestamp;
    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final HeaderList headers;
    private final int leaderEpoch;
    private final long producerId;
    private final short producerEpoch;
    private final boolean transactional;

    /** The record at which a cursor stands. */
    FakeRecord(RecordBatch batch, RecordCursor cursor) {
        offset = cursor.offset();
        timestamp = cursor.timestamp();
        key = cursor.copyKey();
        value = cursor.copyValue();
        headers = cursor.headers();
        leaderEpoch = batch.leaderEpoch();
        producerId = batch.producerId();
        producerEpoch = batch.producerEpoch();
        transactional = batch.isTransactional();
    }

    /** Where it is. */
    public long offset() {
        return offset;
    }

    /** Milliseconds since 1970, the producer's or the broker's as the topic has it. */
    public long timestamp() {
        return timestamp;
    }

    /** The key, or null. */
    public byte @Nullable [] key() {
        return key;
    }

    /** The key as UTF-8, or null. */
    public @Nullable String keyText() {
        return text(key);
    }

    /** The value, or null for a tombstone. */
    public byte @Nullable [] value() {
        return value;
    }

    /** The value as UTF-8, or null for a tombstone. */
    public @Nullable String valueText() {
        return text(value);
    }

    /** The headers, in order. */
    public HeaderList headers() {
        return headers;
    }

    /** The epoch of the leader that appended it. */
    public int leaderEpoch() {
        return leaderEpoch;
    }

    /** The id of the idempotent or transactional producer, or -1. */
    public long producerId() {
        return producerId;
    }

    /** The epoch of that producer, or -1. */
    public short producerEpoch() {
        return producerEpoch;
    }

    /** Whether it belongs to a transaction, however that ended. */
    public boolean isTransactional() {
        return transactional;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return offset + ": " + keyText() + " = " + valueText();
    }
}
