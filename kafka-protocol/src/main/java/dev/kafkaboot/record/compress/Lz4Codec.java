package dev.kafkaboot.record.compress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.xxhash.XXHashFactory;
import org.jspecify.annotations.Nullable;

/** LZ4 frames as Kafka has them: independent blocks of 64 KB, no checksum of the content. */
final class Lz4Codec implements Codec {

    static final int FRAME_MAGIC = 0x184D2204;

    /** Version 1, independent blocks. */
    private static final byte FLAGS = 0x60;

    /** Blocks of at most 64 KB. */
    private static final byte BLOCK_DESCRIPTOR = 0x40;

    static final int BLOCK = 64 * 1024;

    /** The flag of a block that is stored as it is. */
    static final int UNCOMPRESSED = 0x80000000;

    static final int HEADER_SIZE = 7;

    private final LZ4Compressor compressor;
    private final byte headerChecksum;

    Lz4Codec(@Nullable Integer level) {
        LZ4Factory factory = LZ4Factory.fastestInstance();
        this.compressor = level == null ? factory.fastCompressor() : factory.highCompressor(level);
        byte[] descriptor = {FLAGS, BLOCK_DESCRIPTOR};
        this.headerChecksum = (byte) (XXHashFactory.fastestInstance().hash32().hash(descriptor, 0, descriptor.length, 0) >> 8);
    }

    @Override
    public CompressionType type() {
        return CompressionType.LZ4;
    }

    @Override
    public int maxCompressedSize(int size) {
        int blocks = size / BLOCK + 1;
        return Math.addExact(HEADER_SIZE + 4, Math.multiplyExact(blocks, 4 + compressor.maxCompressedLength(BLOCK)));
    }

    @Override
    public void compress(ByteBuffer input, ByteBuffer output) {
        ByteOrder order = output.order();
        output.order(ByteOrder.LITTLE_ENDIAN);
        output.putInt(FRAME_MAGIC).put(FLAGS).put(BLOCK_DESCRIPTOR).put(headerChecksum);
        while (input.hasRemaining()) {
            int length = Math.min(BLOCK, input.remaining());
            int start = output.position() + 4;
            int size = compressor.compress(input, input.position(), length, output, start, output.limit() - start);
            if (size < length) {
                output.putInt(start - 4, size).position(start + size);
            } else {
                output.putInt(length | UNCOMPRESSED).put(input.slice(input.position(), length));
            }
            input.position(input.position() + length);
        }
        output.putInt(0).order(order);
    }
}
