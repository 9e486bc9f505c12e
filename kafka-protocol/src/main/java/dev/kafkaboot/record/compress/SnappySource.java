package dev.kafkaboot.record.compress;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/** Reads snappy blocks in the framing of snappy-java, or one block without any framing, as some clients write it. */
final class SnappySource extends PlainSource {

    /** Where a stream is appended to a stream, its magic stands where a block's size would. */
    private static final int MAGIC_START = (int) (SnappyCodec.MAGIC >> 32);

    /** A block that claims to expand to more than this is tried before there is memory for it. */
    private static final int TRUSTED_SIZE = 1024 * 1024;

    private boolean framed;
    private @Nullable ByteBuffer block;
    private int plainSize;

    SnappySource() {
        Snappy.maxCompressedLength(0); // loads the library, or fails
    }

    @Override
    CompressionType type() {
        return CompressionType.SNAPPY;
    }

    @Override
    void begin() {
        makeInputDirect();
        block = null;
        framed = input.remaining() >= SnappyCodec.HEADER_SIZE && input.getLong(input.position()) == SnappyCodec.MAGIC;
    }

    @Override
    public int room() throws IOException {
        return block() == null ? 1 : Math.max(1, plainSize);
    }

    @Override
    int produce(ByteBuffer target) throws IOException {
        ByteBuffer compressed = block();
        if (compressed == null) {
            return -1;
        }
        if (target.remaining() < plainSize) {
            throw new IllegalArgumentException("There is room for " + target.remaining() + " bytes of " + plainSize);
        }
        block = null;
        // It answers into the limit, and fails for a block of nothing.
        int limit = target.limit();
        int size = plainSize == 0 ? 0 : Snappy.uncompress(compressed, target);
        target.limit(limit).position(target.position() + size);
        return size;
    }

    /** The block to be read next, or null at the end. */
    private @Nullable ByteBuffer block() throws IOException {
        if (block == null) {
            block = nextBlock();
        }
        return block;
    }

    private @Nullable ByteBuffer nextBlock() throws IOException {
        if (framed) {
            skipHeaders();
        }
        if (!input.hasRemaining()) {
            return null;
        }
        int size = framed ? nextInt("the size of a snappy block") : input.remaining();
        require(size, "a snappy block");
        ByteBuffer next = input.slice(input.position(), size);
        input.position(input.position() + size);
        plainSize = Snappy.uncompressedLength(next);
        if (plainSize < 0) {
            throw new IOException("a snappy block claims to expand to " + plainSize + " bytes");
        }
        checkExpansion(plainSize);
        if (plainSize > TRUSTED_SIZE && !Snappy.isValidCompressedBuffer(next)) {
            throw new IOException("a snappy block is not valid");
        }
        return next;
    }

    private void skipHeaders() throws IOException {
        while (input.remaining() >= Integer.BYTES && input.getInt(input.position()) == MAGIC_START) {
            require(SnappyCodec.HEADER_SIZE, "a snappy header");
            if (input.getLong(input.position()) != SnappyCodec.MAGIC) {
                throw new IOException("a snappy stream follows that does not begin as one");
            }
            input.position(input.position() + SnappyCodec.HEADER_SIZE);
        }
    }

    @Override
    void discard() {}
}
