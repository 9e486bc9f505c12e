package dev.kafkaboot.test.history;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a record of a checked run carries: a value that occurs once in a history and says where it belongs.
 *
 * <p>Kafka's own checksum covers neither topic nor partition, so a client that mixes up buffers can write a whole batch into another topic and have it
 * acknowledged (CVE-2026-35554). A value that names its topic, partition and sender tells.
 *
 * @param counter the number that makes it unique
 * @param topic the topic that it was sent to
 * @param partition the partition that it was sent to, or {@link PartitionId#UNKNOWN} if the partitioner was to choose
 * @param sender the process that sent it
 */
public record HistoryValue(long counter, String topic, int partition, String sender) {

    private static final int MAGIC = 0x4b48_5631;
    private static final int HEAD_BYTES = 2 * Integer.BYTES;

    /** The value as a record's payload. */
    public byte[] encode() {
        byte[] topicBytes = topic.getBytes(StandardCharsets.UTF_8);
        byte[] senderBytes = sender.getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(
                HEAD_BYTES + Long.BYTES + 2 * Integer.BYTES + topicBytes.length + Integer.BYTES + senderBytes.length);
        buffer.putInt(MAGIC).putInt(0).putLong(counter).putInt(partition);
        buffer.putInt(topicBytes.length).put(topicBytes).putInt(senderBytes.length).put(senderBytes);
        return buffer.putInt(Integer.BYTES, checksum(buffer.array())).array();
    }

    /** Reads a payload back; null if it is none, or has been damaged. */
    public static @Nullable HistoryValue decode(byte @Nullable [] payload) {
        if (payload == null || payload.length < HEAD_BYTES) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        if (buffer.getInt() != MAGIC || buffer.getInt() != checksum(payload)) {
            return null;
        }
        try {
            HistoryValue value = new HistoryValue(buffer.getLong(), "", buffer.getInt(), "");
            HistoryValue whole = new HistoryValue(value.counter, text(buffer), value.partition, text(buffer));
            return buffer.hasRemaining() ? null : whole;
        } catch (BufferUnderflowException truncated) {
            return null;
        }
    }

    private static String text(ByteBuffer buffer) {
        int length = buffer.getInt();
        if (length < 0 || length > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int checksum(byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload, HEAD_BYTES, payload.length - HEAD_BYTES);
        return (int) crc.getValue();
    }

    /** Whether a record with this value may be found in a partition. */
    public boolean belongsTo(PartitionId where) {
        return topic.equals(where.topic()) && (partition == PartitionId.UNKNOWN || partition == where.partition());
    }

    /** Where it was sent to. */
    public PartitionId target() {
        return new PartitionId(topic, partition);
    }

    @Override
    public String toString() {
        return "#" + counter;
    }
}
