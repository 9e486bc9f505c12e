package dev.kafkaboot.record;

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
        } catch (IndexOutOfBoundsException cut) {
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
        ByteBuffer bytes = window.bytes();
        long sizeRead = Varints.read(bytes, bytes.position());
        int size = Varints.value(sizeRead);
        bytes.position(Varints.end(sizeRead));
        if (size < 0 || !window.has(size)) {
            throw new CorruptRecordException("it claims " + size + " bytes where " + window.bytes().remaining() + " remain");
        }
        bytes = window.bytes(); // it may have moved
        int start = bytes.position();
        recordEnd = start + size;
        int at = readTimes(bytes, start + 1); // behind the attributes, of which there are none yet
        at = readKeyAndValue(bytes, at);
        long countRead = Varints.read(bytes, at);
        headerCount = Varints.value(countRead);
        headersPosition = Varints.end(countRead);
        at = headerCount == 0 ? headersPosition : skipHeaders(bytes, headersPosition);
        if (at != recordEnd) {
            throw new CorruptRecordException("it claims " + size + " bytes and has " + (at - start));
        }
        bytes.position(at);
    }

    private int readTimes(ByteBuffer bytes, int position) {
        int offsetAt = Varints.skip(bytes, position);
        long timestampDelta = offsetAt - position < 5 ? Varints.value(Varints.read(bytes, position)) : Varints.readLong(bytes, position);
        timestamp = appendTime ? maxTimestamp : baseTimestamp + timestampDelta;
        long offsetRead = Varints.read(bytes, offsetAt);
        offset = baseOffset + Varints.value(offsetRead);
        if (offset < baseOffset || offset > lastOffset) {
            throw new CorruptRecordException("its offset is " + offset + ", outside of " + baseOffset + " to " + lastOffset);
        }
        return Varints.end(offsetRead);
    }

    private int readKeyAndValue(ByteBuffer bytes, int position) {
        long keyRead = Varints.read(bytes, position);
        keySize = Varints.value(keyRead);
        keyPosition = Varints.end(keyRead);
        int at = behind("key", keySize, keyPosition);
        long valueRead = Varints.read(bytes, at);
        valueSize = Varints.value(valueRead);
        valuePosition = Varints.end(valueRead);
        return behind("value", valueSize, valuePosition);
    }

    /** The position behind so many bytes, which have to be in the record; -1 is null. */
    private int behind(String what, int size, int position) {
        if (size < -1 || size > recordEnd - position) {
            throw new CorruptRecordException("its " + what + " claims " + size + " bytes where " + (recordEnd - position) + " remain");
        }
        return position + Math.max(size, 0);
    }

    private int skipHeaders(ByteBuffer bytes, int position) {
        // A header takes two bytes at least.
        if (headerCount < 0 || headerCount > (recordEnd - position) / 2) {
            throw new CorruptRecordException("it claims " + headerCount + " headers in " + (recordEnd - position) + " bytes");
        }
        int at = position;
        for (int i = 0; i < headerCount; i++) {
            long nameRead = Varints.read(bytes, at);
            if (Varints.value(nameRead) < 0) {
                throw new CorruptRecordException("a header has no name");
            }
            at = behind("header name", Varints.value(nameRead), Varints.end(nameRead));
            long valueRead = Varints.read(bytes, at);
            at = behind("header", Varints.value(valueRead), Varints.end(valueRead));
        }
        return at;
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
        ByteBuffer bytes = window.bytes();
        int at = headersPosition;
        for (int i = 0; i < headerCount; i++) {
            long nameRead = Varints.read(bytes, at);
            byte[] name = new byte[Varints.value(nameRead)];
            bytes.get(Varints.end(nameRead), name);
            keys[i] = new String(name, StandardCharsets.UTF_8);
            at = Varints.end(nameRead) + name.length;
            long valueRead = Varints.read(bytes, at);
            at = Varints.end(valueRead);
            int length = Varints.value(valueRead);
            if (length >= 0) {
                values[i] = new byte[length];
                bytes.get(at, values[i]);
                at += length;
            }
        }
        return new HeaderArrays(keys, values);
    }

    @Override
    public void close() {
        window.close();
    }
}
