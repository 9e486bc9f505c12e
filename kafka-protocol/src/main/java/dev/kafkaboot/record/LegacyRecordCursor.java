package dev.kafkaboot.record;

import java.nio.ByteBuffer;

/** The cursor of messages of version 0 or 1: one message, or those inside a compressed one. */
final class LegacyRecordCursor extends RecordCursor {

    private final ByteBuffer bytes;
    private final LegacyRecordBatch batch;
    private final boolean wrapped;

    /** What is added to the offsets inside: 0, or where they are relative, what makes the last one the wrapper's. */
    private final long offsetShift;

    private int position;

    LegacyRecordCursor(ByteBuffer bytes, LegacyRecordBatch batch, boolean wrapped) {
        this.bytes = bytes;
        this.batch = batch;
        this.wrapped = wrapped;
        this.offsetShift = wrapped && batch.magic() == 1 ? batch.offset() - lastInnerOffset() : 0;
    }

    private long lastInnerOffset() {
        long last = 0;
        for (int at = 0; at < bytes.limit(); at = endOf(at)) {
            last = bytes.getLong(at);
        }
        return last;
    }

    private int endOf(int at) {
        if (bytes.limit() - at < BatchLayout.LOG_OVERHEAD + LegacyRecordBatch.SMALLEST_LENGTH) {
            throw corrupt("a message inside is cut off");
        }
        int length = bytes.getInt(at + BatchLayout.LENGTH);
        if (length < LegacyRecordBatch.SMALLEST_LENGTH || length > bytes.limit() - at - BatchLayout.LOG_OVERHEAD) {
            throw corrupt("a message inside claims " + length + " bytes");
        }
        return at + BatchLayout.LOG_OVERHEAD + length;
    }

    private CorruptRecordException corrupt(String reason) {
        return new CorruptRecordException("The message at offset " + batch.offset() + " is corrupt: " + reason);
    }

    @Override
    public boolean next() {
        if (position >= bytes.limit()) {
            return false;
        }
        int start = position;
        int end = endOf(start);
        byte magic = bytes.get(start + BatchLayout.MAGIC);
        if (magic != 0 && magic != 1) {
            throw corrupt("a message inside has version " + magic);
        }
        int attributes = bytes.get(start + LegacyRecordBatch.ATTRIBUTES);
        if (wrapped && (attributes & BatchLayout.COMPRESSION_MASK) != 0) {
            throw corrupt("a compressed message is inside a compressed message");
        }
        offset = bytes.getLong(start) + offsetShift;
        int at = start + LegacyRecordBatch.ATTRIBUTES + 1;
        timestamp = -1;
        if (magic == 1) {
            if (end - at < Long.BYTES) {
                throw corrupt("a message inside is too short");
            }
            timestamp = wrapped && batch.timestampType() == TimestampType.LOG_APPEND_TIME ? batch.timestamp() : bytes.getLong(at);
            at += Long.BYTES;
        }
        keySize = lengthAt(at, end);
        keyPosition = at + 4;
        at = keyPosition + Math.max(keySize, 0);
        valueSize = lengthAt(at, end);
        valuePosition = at + 4;
        position = end;
        return true;
    }

    private int lengthAt(int at, int end) {
        int length = end - at < 4 ? -2 : bytes.getInt(at);
        if (length < -1 || length > end - at - 4) {
            throw corrupt("a key or value does not fit");
        }
        return length;
    }

    @Override
    ByteBuffer bytes() {
        return bytes;
    }

    @Override
    public int headerCount() {
        return 0;
    }

    @Override
    public HeaderList headers() {
        return HeaderList.EMPTY;
    }
}
