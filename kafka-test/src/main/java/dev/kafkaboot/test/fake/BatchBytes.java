package dev.kafkaboot.test.fake;

import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.HeaderList;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** What a broker writes into the bytes of a batch of version 2: offsets and epoch, which the checksum leaves out, and marks of its own, which it covers. */
final class BatchBytes {

    private static final int BASE_OFFSET = 0;
    private static final int LEADER_EPOCH = 12;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int MAX_TIMESTAMP = 35;
    private static final short LOG_APPEND_TIME_FLAG = 0x08;
    private static final short CONTROL_FLAG = 0x20;

    private static final short ABORT = 0;
    private static final short COMMIT = 1;

    private BatchBytes() {}

    /** Gives a batch its place in a log. */
    static void place(ByteBuffer batch, long baseOffset, int leaderEpoch) {
        batch.putLong(BASE_OFFSET, baseOffset);
        batch.putInt(LEADER_EPOCH, leaderEpoch);
    }

    /** How many offsets a batch claims beyond its first. */
    static int lastOffsetDelta(ByteBuffer batch) {
        return batch.getInt(LAST_OFFSET_DELTA);
    }

    /** Makes the time of the append the timestamp of all records of a batch. */
    static void stampAppendTime(ByteBuffer batch, long millis) {
        batch.putLong(MAX_TIMESTAMP, millis);
        setFlag(batch, LOG_APPEND_TIME_FLAG);
    }

    /** A batch that ends a producer's transaction (KIP-98). */
    static ByteBuffer endOfTransaction(TransactionMarks.Mark mark, int coordinatorEpoch, long millis) {
        byte[] key = ByteBuffer.allocate(4).putShort((short) 0).putShort(mark.commit() ? COMMIT : ABORT).array();
        byte[] value = ByteBuffer.allocate(6).putShort((short) 0).putInt(coordinatorEpoch).array();
        BatchBuilder builder = new BatchBuilder(ChunkSource.UNPOOLED, 128);
        builder.append(millis, key, value, HeaderList.EMPTY);
        byte[] bytes =
                builder.finish(mark.producerId(), mark.epoch(), BatchBuilder.NO_SEQUENCE, /* transactional= */ true).toByteArray();
        ByteBuffer batch = ByteBuffer.wrap(bytes);
        setFlag(batch, CONTROL_FLAG);
        return batch;
    }

    private static void setFlag(ByteBuffer batch, short flag) {
        batch.putShort(ATTRIBUTES, (short) (batch.getShort(ATTRIBUTES) | flag));
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(ATTRIBUTES));
        batch.putInt(CRC, (int) crc.getValue());
    }
}
