package dev.kafkaboot.record;

import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.record.compress.Decompressor;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/**
 * A message of version 0 or 1, as topics hold that were written before Kafka 0.11: a record of its own, or, compressed, a message whose value holds
 * others. Read only.
 */
final class LegacyRecordBatch implements RecordBatch {

    static final int ATTRIBUTES = 17;

    private static final int CRC = 12;
    private static final int TIMESTAMP = 18;

    /** Checksum, version, attributes, and the lengths of key and value. */
    static final int SMALLEST_LENGTH = 14;

    private final ByteBuffer bytes;
    private final DecompressionLimits limits;

    /**
     * A message set.
     *
     * @param limits how far it may expand where no other limits are given
     */
    LegacyRecordBatch(ByteBuffer bytes, DecompressionLimits limits) {
        this.bytes = bytes.slice();
        this.limits = limits;
        if (keyPosition() > bytes.remaining() - 8) {
            throw new CorruptRecordException("The message at offset " + this.bytes.getLong(0) + " is too short: " + bytes.remaining() + " bytes");
        }
    }

    int keyPosition() {
        return magic() == 0 ? TIMESTAMP : TIMESTAMP + 8;
    }

    @Override
    public int magic() {
        return bytes.get(BatchLayout.MAGIC);
    }

    /** The offset that stands in front: that of the record, or of the last one inside. */
    long offset() {
        return bytes.getLong(0);
    }

    /** The timestamp that stands in front, or -1. */
    long timestamp() {
        return magic() == 0 ? -1 : bytes.getLong(TIMESTAMP);
    }

    @Override
    public long baseOffset() {
        if (compressionType() == CompressionType.NONE) {
            return offset();
        }
        try (RecordCursor cursor = cursor(limits)) {
            return cursor.next() ? cursor.offset() : offset();
        }
    }

    @Override
    public long lastOffset() {
        return offset();
    }

    @Override
    public int leaderEpoch() {
        return -1;
    }

    @Override
    public long producerId() {
        return BatchBuilder.NO_PRODUCER_ID;
    }

    @Override
    public short producerEpoch() {
        return BatchBuilder.NO_PRODUCER_EPOCH;
    }

    @Override
    public int baseSequence() {
        return BatchBuilder.NO_SEQUENCE;
    }

    @Override
    public boolean isTransactional() {
        return false;
    }

    @Override
    public boolean isControlBatch() {
        return false;
    }

    @Override
    public CompressionType compressionType() {
        int id = bytes.get(ATTRIBUTES) & BatchLayout.COMPRESSION_MASK;
        CompressionType type = CompressionType.forId(id);
        if (type == null || type == CompressionType.ZSTD) {
            throw new CorruptRecordException("The message at offset " + offset() + " has an unknown compression, " + id);
        }
        return type;
    }

    @Override
    public TimestampType timestampType() {
        if (magic() == 0) {
            return TimestampType.NO_TIMESTAMP;
        }
        return (bytes.get(ATTRIBUTES) & BatchLayout.LOG_APPEND_TIME_FLAG) != 0 ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    @Override
    public long baseTimestamp() {
        return timestamp();
    }

    @Override
    public OptionalLong deleteHorizon() {
        return OptionalLong.empty();
    }

    @Override
    public long maxTimestamp() {
        return timestamp();
    }

    @Override
    public int recordCount() {
        return compressionType() == CompressionType.NONE ? 1 : -1;
    }

    @Override
    public int sizeInBytes() {
        return bytes.remaining();
    }

    @Override
    public void ensureValid() {
        CRC32 crc = new CRC32();
        crc.update(bytes.duplicate().position(BatchLayout.MAGIC));
        int stored = bytes.getInt(CRC);
        if ((int) crc.getValue() != stored) {
            throw new CorruptRecordException("The message at offset " + offset() + " is corrupt: its checksum is " + Integer.toHexString(stored)
                    + ", and that of its bytes is " + Integer.toHexString((int) crc.getValue()));
        }
        checkOffset();
    }

    /** The checksum does not cover the offset. */
    private void checkOffset() {
        if (offset() < 0 || offset() == Long.MAX_VALUE) {
            throw new CorruptRecordException("A message claims the offset " + offset() + ", which no log has");
        }
    }

    @Override
    public RecordCursor cursor(DecompressionLimits given, Decompressor decompressor) {
        checkOffset();
        CompressionType compression = compressionType();
        if (compression == CompressionType.NONE) {
            return new LegacyRecordCursor(RecordWindow.whole(bytes.duplicate()), this, /* wrapped= */ false);
        }
        ByteBuffer value = value();
        RecordWindow window = RecordWindow.NONE;
        try {
            window = RecordWindow.compressed(decompressor, compression, value, given.of(value.remaining()));
            // The offsets inside are relative to the last one, so all of them have to be there.
            window.fillWhole();
            return new LegacyRecordCursor(window, this, /* wrapped= */ true);
        } catch (CorruptRecordException e) {
            window.close();
            throw new CorruptRecordException("The message at offset " + offset() + " is corrupt: " + e.getMessage(), e);
        }
    }

    private ByteBuffer value() {
        int valueLengthAt = keyPosition() + 4 + Math.max(bytes.getInt(keyPosition()), 0);
        if (valueLengthAt < 0 || valueLengthAt > bytes.remaining() - 4) {
            throw new CorruptRecordException("The message at offset " + offset() + " has a key that does not fit");
        }
        int length = bytes.getInt(valueLengthAt);
        if (length < 0 || length > bytes.remaining() - valueLengthAt - 4) {
            throw new CorruptRecordException("The message at offset " + offset() + " claims a value of " + length + " bytes");
        }
        return bytes.slice(valueLengthAt + 4, length);
    }
}
