package dev.kafkaboot.record;

import java.nio.ByteBuffer;

/** The cursor of messages of version 0 or 1: one message, or those inside a compressed one. */
final class LegacyRecordCursor extends RecordCursor {

    private final RecordWindow window;
    private final ByteBuffer bytes;
    private final LegacyRecordBatch batch;
    private final boolean wrapped;

    /** What is added to the offsets inside: 0, or where they are relative, what makes the last one the wrapper's. */
    private final long offsetShift;

    private int position;

    LegacyRecordCursor(RecordWindow window, LegacyRecordBatch batch, boolean wrapped) {
        this.window = window;
        this.bytes = window.bytes();
        this.batch = batch;
        this.wrapped = wrapped;
        this.offsetShift = wrapped && batch.magic() == 1 ? batch.offset() - lastInnerOffset() : 0;
    }

    private long lastInnerOffset() {
        long last = 0;
        int at = 0;
        while (at < bytes.limit()) {
            int end = endOf(at);
            last = bytes.getLong(at);
            at = end;
        }
        return last;
    }

    private int endOf(int at) {
        if (bytes.limit() - at < BatchLayout.LOG_OVERHEAD + LegacyRecordBatch.SMALLEST_LENGTH) {
            throw new CorruptRecordException("a message inside is cut off");
        }
        int length = bytes.getInt(at + BatchLayout.LENGTH);
        if (length < LegacyRecordBatch.SMALLEST_LENGTH || length > bytes.limit() - at - BatchLayout.LOG_OVERHEAD) {
            throw new CorruptRecordException("a message inside claims " + length + " bytes");
        }
        return at + BatchLayout.LOG_OVERHEAD + length;
    }

    @Override
    public boolean next() {
        try {
            return readNext();
        } catch (CorruptRecordException e) {
            throw new CorruptRecordException("The message at offset " + batch.offset() + " is corrupt: " + e.getMessage(), e);
        }
    }

    private boolean readNext() {
        if (position >= bytes.limit()) {
            return false;
        }
        int start = position;
        int end = endOf(start);
        byte magic = bytes.get(start + BatchLayout.MAGIC);
        if (magic != batch.magic()) {
            throw new CorruptRecordException("a message of version " + magic + " is inside one of version " + batch.magic());
        }
        int attributes = bytes.get(start + LegacyRecordBatch.ATTRIBUTES);
        if (wrapped && (attributes & BatchLayout.COMPRESSION_MASK) != 0) {
            throw new CorruptRecordException("a compressed message is inside a compressed message");
        }
        offset = bytes.getLong(start) + offsetShift;
        if (offset < 0 || offset > batch.offset()) {
            // Believed, it would move a consumer's position over records that it has not seen.
            throw new CorruptRecordException("a message inside has the offset " + offset);
        }
        int at = start + LegacyRecordBatch.ATTRIBUTES + 1;
        timestamp = -1;
        if (magic == 1) {
            if (end - at < Long.BYTES) {
                throw new CorruptRecordException("a message inside is too short");
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
            throw new CorruptRecordException("a key or value does not fit");
        }
        return length;
    }

    @Override
    ByteBuffer bytes() {
        return bytes;
    }

    @Override
    public void close() {
        window.close();
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
