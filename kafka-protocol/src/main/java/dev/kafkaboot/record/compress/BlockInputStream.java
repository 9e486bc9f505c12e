package dev.kafkaboot.record.compress;

import dev.kafkaboot.record.CorruptRecordException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A stream that is made of blocks, each decompressed as a whole. */
abstract class BlockInputStream extends InputStream {

    private ByteBuffer block = ByteBuffer.allocate(0);

    /**
     * Decompresses the next block; it may be empty.
     *
     * @return false if there is none
     */
    abstract boolean nextBlock();

    /** Makes an array that holds the next block what is read from. */
    final void block(byte[] array, int length) {
        block = ByteBuffer.wrap(array, 0, length);
    }

    private boolean hasBytes() {
        while (!block.hasRemaining()) {
            if (!nextBlock()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public final int read() {
        return hasBytes() ? block.get() & 0xff : -1;
    }

    @Override
    public final int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!hasBytes()) {
            return -1;
        }
        int count = Math.min(length, block.remaining());
        block.get(target, offset, count);
        return count;
    }

    /** Takes bytes from the input, of which there must be as many. */
    static byte[] take(ByteBuffer input, int length, String what) {
        if (length < 0 || length > input.remaining()) {
            throw new CorruptRecordException("a " + what + " claims " + length + " bytes where " + input.remaining() + " remain");
        }
        byte[] bytes = new byte[length];
        input.get(bytes);
        return bytes;
    }
}
