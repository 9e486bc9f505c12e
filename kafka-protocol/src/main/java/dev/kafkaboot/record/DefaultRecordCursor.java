package dev.kafkaboot.record;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The cursor of a batch of version 2. */
final class DefaultRecordCursor extends RecordCursor {

    /** The longest that a record's own length can be. */
    private static final int MAX_LENGTH_SIZE = 5;

    private final RecordWindow window;
    private final long baseOffset;
    private final long lastOffset;
    private final long baseTimestamp;
    private final boolean appendTime;
    private final long maxTimestamp;
    private final int count;

    private int index;
    private int headerCount;
    private int headersPosition;
    private int recordEnd;

    DefaultRecordCursor(DefaultRecordBatch batch, RecordWindow window) {
        this.window = window;
        this.baseOffset = batch.baseOffset();
        this.lastOffset = batch.lastOffset();
        this.baseTimestamp = batch.baseTimestamp();
        this.appendTime = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        this.maxTimestamp = batch.maxTimestamp();
        this.count = batch.recordCount();
    }

    @Override
    public boolean next() {
        try {
            if (index == count) {
                if (!window.isAtEnd()) {
                    throw new CorruptRecordException("bytes follow the last of " + count + " records");
                }
                return false;
            }
            readRecord();
            index++;
            return true;
        } catch (BufferUnderflowException | IllegalArgumentException cut) {
            throw corrupt("it ends too early", cut);
        } catch (CorruptRecordException wrong) {
            throw corrupt(wrong.getMessage(), wrong);
        }
    }

    private CorruptRecordException corrupt(@Nullable String reason, RuntimeException cause) {
        return new CorruptRecordException(
                "Record " + index + " of " + count + " in the batch at offset " + baseOffset + " is corrupt: " + reason, cause);
    }

    private void readRecord() {
        window.has(MAX_LENGTH_SIZE);
        int size = Varints.getInt(window.bytes());
        if (size < 0 || !window.has(size)) {
            throw new CorruptRecordException("it claims " + size + " bytes where " + window.bytes().remaining() + " remain");
        }
        ByteBuffer bytes = window.bytes();
        recordEnd = bytes.position() + size;
        bytes.get(); // attributes, of which there are none yet
        readTimes(bytes);
        keySize = sizeOf("key", bytes);
        keyPosition = bytes.position();
        bytes.position(keyPosition + Math.max(keySize, 0));
        valueSize = sizeOf("value", bytes);
        valuePosition = bytes.position();
        bytes.position(valuePosition + Math.max(valueSize, 0));
        headerCount = Varints.getInt(bytes);
        headersPosition = bytes.position();
        if (headerCount != 0) {
            skipHeaders(bytes);
        }
        if (bytes.position() != recordEnd) {
            throw new CorruptRecordException("it claims " + size + " bytes and has " + (bytes.position() - recordEnd + size));
        }
    }

    private void readTimes(ByteBuffer bytes) {
        long timestampDelta = Varints.getLong(bytes);
        timestamp = appendTime ? maxTimestamp : baseTimestamp + timestampDelta;
        offset = baseOffset + Varints.getInt(bytes);
        if (offset < baseOffset || offset > lastOffset) {
            throw new CorruptRecordException("its offset is " + offset + ", outside of " + baseOffset + " to " + lastOffset);
        }
    }

    /** The size in front of so many bytes, which have to be in the record; -1 is null. */
    private int sizeOf(String what, ByteBuffer bytes) {
        int size = Varints.getInt(bytes);
        if (size < -1 || size > recordEnd - bytes.position()) {
            throw new CorruptRecordException("its " + what + " claims " + size + " bytes where " + (recordEnd - bytes.position()) + " remain");
        }
        return size;
    }

    private void skipHeaders(ByteBuffer bytes) {
        // A header takes two bytes at least.
        if (headerCount < 0 || headerCount > (recordEnd - bytes.position()) / 2) {
            throw new CorruptRecordException("it claims " + headerCount + " headers in " + (recordEnd - bytes.position()) + " bytes");
        }
        for (int i = 0; i < headerCount; i++) {
            int nameSize = sizeOf("header name", bytes);
            if (nameSize < 0) {
                throw new CorruptRecordException("a header has no name");
            }
            bytes.position(bytes.position() + nameSize);
            int valueSizeOfHeader = sizeOf("header", bytes);
            bytes.position(bytes.position() + Math.max(valueSizeOfHeader, 0));
        }
    }

    @Override
    ByteBuffer bytes() {
        return window.bytes();
    }

    @Override
    public int headerCount() {
        return headerCount;
    }

    @Override
    public HeaderList headers() {
        if (headerCount == 0) {
            return HeaderList.EMPTY;
        }
        String[] keys = new String[headerCount];
        byte[][] values = new byte[headerCount][];
        ByteBuffer bytes = window.bytes().duplicate().position(headersPosition);
        for (int i = 0; i < headerCount; i++) {
            byte[] name = new byte[Varints.getInt(bytes)];
            bytes.get(name);
            keys[i] = new String(name, StandardCharsets.UTF_8);
            int size = Varints.getInt(bytes);
            if (size >= 0) {
                values[i] = new byte[size];
                bytes.get(values[i]);
            }
        }
        return new HeaderArrays(keys, values);
    }

    @Override
    public void close() {
        window.close();
    }
}
