package dev.kafkaboot.record;

import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a compressed batch of an input: a byte for the version, one for the attributes (with the codec), eight for the offset in front, two for the number
 * of records and two for the last offset behind the first, where the version has those; then what is compressed.
 */
final class CompressedInput {

    private static final int HEADER = 14;

    private static final long TIMESTAMP = 1_700_000_000_000L;

    private static final Map<CompressionType, Codec> CODECS = new EnumMap<>(CompressionType.class);

    private CompressedInput() {}

    /** The batch; null if the input is too short, or chooses no version or codec. */
    static byte @Nullable [] batch(byte[] input) {
        if (input.length < HEADER || input[0] < 0 || input[0] > BatchLayout.MAGIC_V2) {
            return null;
        }
        CompressionType type = CompressionType.forId(input[1] & BatchLayout.COMPRESSION_MASK);
        if (type == null) {
            return null;
        }
        ByteBuffer header = ByteBuffer.wrap(input, 0, HEADER);
        byte[] records = compress(type, Arrays.copyOfRange(input, HEADER, input.length));
        byte[] batch = input[0] == BatchLayout.MAGIC_V2 ? batch(header, records) : message(header, records);
        Checksums.fix(batch);
        return batch;
    }

    private static byte[] compress(CompressionType type, byte[] plain) {
        Codec codec = CODECS.computeIfAbsent(type, each -> Compression.of(each).newCodec());
        ByteBuffer compressed = ByteBuffer.allocate(codec.maxCompressedSize(plain.length));
        codec.compress(ByteBuffer.wrap(plain), compressed);
        return Arrays.copyOf(compressed.array(), compressed.position());
    }

    private static byte[] batch(ByteBuffer header, byte[] records) {
        ByteBuffer batch = ByteBuffer.allocate(BatchLayout.HEADER_SIZE + records.length);
        batch.putLong(BatchLayout.BASE_OFFSET, header.getLong(2));
        batch.putInt(BatchLayout.LENGTH, batch.capacity() - BatchLayout.LOG_OVERHEAD);
        batch.put(BatchLayout.MAGIC, BatchLayout.MAGIC_V2);
        batch.putShort(BatchLayout.ATTRIBUTES, header.get(1));
        batch.putInt(BatchLayout.LAST_OFFSET_DELTA, header.getShort(12));
        batch.putLong(BatchLayout.BASE_TIMESTAMP, TIMESTAMP).putLong(BatchLayout.MAX_TIMESTAMP, TIMESTAMP);
        batch.putLong(BatchLayout.PRODUCER_ID, -1).putShort(BatchLayout.PRODUCER_EPOCH, (short) -1).putInt(BatchLayout.BASE_SEQUENCE, -1);
        batch.putInt(BatchLayout.RECORD_COUNT, header.getShort(10));
        return batch.put(BatchLayout.HEADER_SIZE, records).array();
    }

    private static byte[] message(ByteBuffer header, byte[] value) {
        byte magic = header.get(0);
        int headerSize = BatchLayout.LOG_OVERHEAD + LegacyRecordBatch.SMALLEST_LENGTH + (magic == 0 ? 0 : Long.BYTES);
        ByteBuffer message = ByteBuffer.allocate(headerSize + value.length);
        message.putLong(header.getLong(2)).putInt(message.capacity() - BatchLayout.LOG_OVERHEAD).putInt(0).put(magic).put(header.get(1));
        if (magic == 1) {
            message.putLong(TIMESTAMP);
        }
        return message.putInt(-1).putInt(value.length).put(value).array();
    }

    /** The input that becomes a batch. */
    static byte[] input(int magic, int attributes, long offset, int count, int lastDelta, byte[] plain) {
        return ByteBuffer.allocate(HEADER + plain.length)
                .put((byte) magic).put((byte) attributes).putLong(offset).putShort((short) count).putShort((short) lastDelta).put(plain).array();
    }
}
