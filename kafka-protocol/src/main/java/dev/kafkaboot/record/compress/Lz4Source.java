package dev.kafkaboot.record.compress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * Reads an LZ4 frame. Its checksums are not looked at: the batch has one of its own, and in message sets of version 0 that of the header is wrong
 * (KIP-57).
 */
final class Lz4Source extends PlainSource {

    private static final int VERSION_MASK = 0xc0;
    private static final int VERSION_1 = 0x40;
    private static final int INDEPENDENT_BLOCKS = 0x20;
    private static final int BLOCK_CHECKSUM = 0x10;
    private static final int CONTENT_SIZE = 0x08;

    /** The smallest of the four block sizes that a frame can have, by the number in its descriptor. */
    private static final int SMALLEST_BLOCK_ID = 4;

    private final LZ4SafeDecompressor decompressor = LZ4Factory.fastestInstance().safeDecompressor();

    private int largestBlock;
    private boolean blockChecksums;
    private boolean ended;

    Lz4Source() {}

    @Override
    CompressionType type() {
        return CompressionType.LZ4;
    }

    @Override
    void begin() throws IOException {
        input.order(ByteOrder.LITTLE_ENDIAN);
        ended = false;
        require(Lz4Codec.HEADER_SIZE, "an LZ4 header");
        if (input.getInt() != Lz4Codec.FRAME_MAGIC) {
            throw new IOException("they are no LZ4 frame");
        }
        int flags = input.get();
        if ((flags & VERSION_MASK) != VERSION_1 || (flags & INDEPENDENT_BLOCKS) == 0) {
            throw new IOException("their LZ4 frame is of a kind that Kafka does not have: flags " + Integer.toHexString(flags & 0xff));
        }
        blockChecksums = (flags & BLOCK_CHECKSUM) != 0;
        int blockId = (input.get() >> 4) & 0x07;
        if (blockId < SMALLEST_BLOCK_ID) {
            throw new IOException("their LZ4 frame has an unknown block size, " + blockId);
        }
        largestBlock = Lz4Codec.BLOCK << 2 * (blockId - SMALLEST_BLOCK_ID);
        skip((flags & CONTENT_SIZE) != 0 ? Long.BYTES + 1 : 1);
    }

    private void skip(int bytes) throws IOException {
        require(bytes, "an LZ4 frame");
        input.position(input.position() + bytes);
    }

    @Override
    public int room() {
        return largestBlock;
    }

    @Override
    int produce(ByteBuffer target) throws IOException {
        if (ended) {
            return -1;
        }
        int header = nextInt("the size of an LZ4 block");
        if (header == 0) {
            ended = true;
            return -1;
        }
        int size = header & ~Lz4Codec.UNCOMPRESSED;
        require(size, "an LZ4 block");
        int count = (header & Lz4Codec.UNCOMPRESSED) != 0 ? stored(size, target) : compressed(size, target);
        skip(blockChecksums ? size + Integer.BYTES : size);
        return count;
    }

    private int stored(int size, ByteBuffer target) throws IOException {
        if (size > largestBlock) {
            throw new IOException("an LZ4 block of " + size + " bytes is in a frame with blocks of " + largestBlock);
        }
        target.put(input.slice(input.position(), size));
        return size;
    }

    private int compressed(int size, ByteBuffer target) throws IOException {
        try {
            int count = decompressor.decompress(input, input.position(), size, target, target.position(), largestBlock);
            target.position(target.position() + count);
            return count;
        } catch (LZ4Exception e) {
            throw new IOException("an LZ4 block is not valid: " + e.getMessage(), e);
        }
    }

    @Override
    void discard() {}
}
