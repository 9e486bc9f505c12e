package dev.kafkaboot.record;

import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.record.compress.Decompressor;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/** A batch of version 2. */
final class DefaultRecordBatch implements RecordBatch {

    private final ByteBuffer bytes;

    /** A view on a buffer that holds the batch and nothing else. */
    DefaultRecordBatch(ByteBuffer bytes) {
        if (bytes.remaining() < BatchLayout.HEADER_SIZE) {
            throw new CorruptRecordException("The batch at offset " + bytes.getLong(bytes.position()) + " has " + bytes.remaining()
                    + " bytes, and its header alone has " + BatchLayout.HEADER_SIZE);
        }
        this.bytes = bytes.slice();
    }

    @Override
    public int magic() {
        return BatchLayout.MAGIC_V2;
    }

    @Override
    public long baseOffset() {
        return bytes.getLong(BatchLayout.BASE_OFFSET);
    }

    @Override
    public long lastOffset() {
        return baseOffset() + bytes.getInt(BatchLayout.LAST_OFFSET_DELTA);
    }

    @Override
    public int leaderEpoch() {
        return bytes.getInt(BatchLayout.LEADER_EPOCH);
    }

    @Override
    public long producerId() {
        return bytes.getLong(BatchLayout.PRODUCER_ID);
    }

    @Override
    public short producerEpoch() {
        return bytes.getShort(BatchLayout.PRODUCER_EPOCH);
    }

    @Override
    public int baseSequence() {
        return bytes.getInt(BatchLayout.BASE_SEQUENCE);
    }

    @Override
    public boolean isTransactional() {
        return hasFlag(BatchLayout.TRANSACTIONAL_FLAG);
    }

    @Override
    public boolean isControlBatch() {
        return hasFlag(BatchLayout.CONTROL_FLAG);
    }

    private boolean hasFlag(int flag) {
        return (bytes.getShort(BatchLayout.ATTRIBUTES) & flag) != 0;
    }

    @Override
    public CompressionType compressionType() {
        int id = bytes.getShort(BatchLayout.ATTRIBUTES) & BatchLayout.COMPRESSION_MASK;
        CompressionType type = CompressionType.forId(id);
        if (type == null) {
            throw new CorruptRecordException("The batch at offset " + baseOffset() + " has an unknown compression, " + id);
        }
        return type;
    }

    @Override
    public TimestampType timestampType() {
        return hasFlag(BatchLayout.LOG_APPEND_TIME_FLAG) ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    @Override
    public long maxTimestamp() {
        return bytes.getLong(BatchLayout.MAX_TIMESTAMP);
    }

    @Override
    public long baseTimestamp() {
        return bytes.getLong(BatchLayout.BASE_TIMESTAMP);
    }

    @Override
    public OptionalLong deleteHorizon() {
        // Where the flag is set, the cleaner has put the horizon in the place of the base timestamp, and made the deltas relative to it.
        return hasFlag(BatchLayout.DELETE_HORIZON_FLAG) ? OptionalLong.of(baseTimestamp()) : OptionalLong.empty();
    }

    @Override
    public int recordCount() {
        return bytes.getInt(BatchLayout.RECORD_COUNT);
    }

    @Override
    public int sizeInBytes() {
        return bytes.remaining();
    }

    @Override
    public void ensureValid() {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(BatchLayout.ATTRIBUTES));
        int stored = bytes.getInt(BatchLayout.CRC);
        if ((int) crc.getValue() != stored) {
            throw new CorruptRecordException("The batch at offset " + baseOffset() + " is corrupt: its checksum is " + Integer.toHexString(stored)
                    + ", and that of its " + sizeInBytes() + " bytes is " + Integer.toHexString((int) crc.getValue()));
        }
        checkHeader();
    }

    @Override
    public RecordCursor cursor(DecompressionLimits limits, Decompressor decompressor) {
        checkHeader();
        ByteBuffer records = bytes.slice(BatchLayout.HEADER_SIZE, bytes.remaining() - BatchLayout.HEADER_SIZE);
        CompressionType compression = compressionType();
        if (compression == CompressionType.NONE) {
            return new DefaultRecordCursor(this, RecordWindow.whole(records));
        }
        long limit = limits.of(records.remaining());
        checkCount(limit);
        try {
            return new DefaultRecordCursor(this, RecordWindow.compressed(decompressor, compression, records, limit));
        } catch (CorruptRecordException e) {
            throw new CorruptRecordException("The batch at offset " + baseOffset() + " is corrupt: " + e.getMessage(), e);
        }
    }

    private void checkHeader() {
        long lastDelta = bytes.getInt(BatchLayout.LAST_OFFSET_DELTA);
        if (baseOffset() < 0 || lastDelta < 0 || baseOffset() > Long.MAX_VALUE - 1 - lastDelta) {
            throw new CorruptRecordException(
                    "The batch at offset " + baseOffset() + " claims that its last offset is its first plus " + lastDelta);
        }
        if (compressionType() == CompressionType.NONE) {
            checkCount(bytes.remaining() - BatchLayout.HEADER_SIZE);
        }
    }

    private void checkCount(long plainSize) {
        int count = recordCount();
        if (count < 0 || count > plainSize / BatchLayout.SMALLEST_RECORD) {
            throw new CorruptRecordException(
                    "The batch at offset " + baseOffset() + " claims " + count + " records, in " + plainSize + " bytes at most");
        }
    }
}
