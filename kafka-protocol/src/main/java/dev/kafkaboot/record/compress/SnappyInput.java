package dev.kafkaboot.record.compress;

import dev.kafkaboot.record.CorruptRecordException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.xerial.snappy.Snappy;

/** Reads snappy blocks in the framing of snappy-java, or one block without any framing, as some clients write it. */
final class SnappyInput extends BlockInputStream {

    private final ByteBuffer input;
    private final long limit;
    private final boolean framed;

    SnappyInput(ByteBuffer input, long limit) {
        this.input = input;
        this.limit = limit;
        this.framed = isFramed(input);
        Snappy.maxCompressedLength(0); // loads the library, or fails
        if (framed) {
            input.position(input.position() + SnappyCodec.HEADER_SIZE);
        }
    }

    private static boolean isFramed(ByteBuffer input) {
        if (input.remaining() < SnappyCodec.HEADER_SIZE) {
            return false;
        }
        byte[] start = new byte[SnappyCodec.MAGIC.length];
        input.get(input.position(), start);
        return Arrays.equals(start, SnappyCodec.MAGIC);
    }

    @Override
    boolean nextBlock() {
        if (!input.hasRemaining()) {
            return false;
        }
        if (framed && input.remaining() < 4) {
            throw new CorruptRecordException("a snappy block is cut off");
        }
        byte[] compressed = take(input, framed ? input.getInt() : input.remaining(), "snappy block");
        try {
            int size = Snappy.uncompressedLength(compressed);
            if (size < 0 || size > limit) {
                throw new CorruptRecordException("a snappy block claims to expand to " + size + " bytes; the limit is " + limit);
            }
            if (!Snappy.isValidCompressedBuffer(compressed)) {
                throw new CorruptRecordException("a snappy block is not valid");
            }
            block(Snappy.uncompress(compressed), size);
            return true;
        } catch (IOException e) {
            throw new CorruptRecordException("a snappy block is not valid: " + e.getMessage(), e);
        }
    }
}
