package dev.kafkaboot.record.compress;

import dev.kafkaboot.record.CorruptRecordException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * Reads an LZ4 frame. The header's checksum is not looked at, because message sets of version 0 have it wrong (KIP-57); the batch has its own.
 */
final class Lz4Input extends BlockInputStream {

    private static final int VERSION_MASK = 0xc0;
    private static final int VERSION_1 = 0x40;
    private static final int INDEPENDENT_BLOCKS = 0x20;
    private static final int BLOCK_CHECKSUM = 0x10;
    private static final int CONTENT_SIZE = 0x08;

    /** The smallest of the four block sizes that a frame can have, by the number in its descriptor. */
    private static final int SMALLEST_BLOCK_ID = 4;

    private final ByteBuffer input;
    private final LZ4SafeDecompressor decompressor = LZ4Factory.fastestInstance().safeDecompressor();
    private final byte[] target;
    private final boolean blockChecksums;

    private boolean ended;

    Lz4Input(ByteBuffer input) {
        this.input = input.order(ByteOrder.LITTLE_ENDIAN);
        require(7, "LZ4 header");
        if (input.getInt() != Lz4Codec.FRAME_MAGIC) {
            throw new CorruptRecordException("the records are no LZ4 frame");
        }
        int flags = input.get();
        if ((flags & VERSION_MASK) != VERSION_1 || (flags & INDEPENDENT_BLOCKS) == 0) {
            throw new CorruptRecordException("the LZ4 frame is of a kind that Kafka does not have: flags " + Integer.toHexString(flags & 0xff));
        }
        blockChecksums = (flags & BLOCK_CHECKSUM) != 0;
        int blockId = (input.get() >> 4) & 0x07;
        if (blockId < SMALLEST_BLOCK_ID) {
            throw new CorruptRecordException("the LZ4 frame has an unknown block size, " + blockId);
        }
        target = new byte[Lz4Codec.BLOCK << 2 * (blockId - SMALLEST_BLOCK_ID)];
        int rest = (flags & CONTENT_SIZE) != 0 ? 9 : 1;
        require(rest, "LZ4 header");
        input.position(input.position() + rest);
    }

    private void require(int bytes, String what) {
        if (input.remaining() < bytes) {
            throw new CorruptRecordException("the " + what + " is cut off");
        }
    }

    @Override
    boolean nextBlock() {
        if (ended) {
            return false;
        }
        require(4, "LZ4 frame");
        int header = input.getInt();
        if (header == 0) {
            ended = true;
            return false;
        }
        int size = header & ~Lz4Codec.UNCOMPRESSED;
        if (size > target.length + target.length / 255 + 16) {
            throw new CorruptRecordException("an LZ4 block claims " + size + " bytes");
        }
        byte[] block = take(input, size, "LZ4 block");
        if (blockChecksums) {
            require(4, "LZ4 block");
            input.getInt();
        }
        if ((header & Lz4Codec.UNCOMPRESSED) != 0) {
            block(block, block.length);
            return true;
        }
        try {
            block(target, decompressor.decompress(block, 0, block.length, target, 0));
            return true;
        } catch (LZ4Exception e) {
            throw new CorruptRecordException("an LZ4 block is not valid: " + e.getMessage(), e);
        }
    }
}
