package dev.kafkaboot.record.compress;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the plain bytes of compressed records come from, a piece at a time. One thread.
 *
 * <p>Made by a {@link Decompressor}, to which {@link #close()} gives it back.
 */
public abstract class PlainSource implements AutoCloseable {

    /** What is kept of a copy of the input for the next time, in bytes. */
    private static final int KEPT_COPY = 256 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What is still to be read. */
    ByteBuffer input = NOTHING;

    private @Nullable Decompressor owner;
    private @Nullable ByteBuffer copy;
    private long limit;
    private long produced;

    PlainSource() {}

    /** Begins with other records. */
    final void start(Decompressor newOwner, ByteBuffer compressed, long newLimit) throws IOException {
        owner = newOwner;
        limit = newLimit;
        produced = 0;
        input = compressed.duplicate();
        begin();
    }

    /** Begins with {@link #input}. */
    abstract void begin() throws IOException;

    /** Puts the next bytes where a buffer stands and answers how many, maybe none; -1 at the end. Every call gets nearer to the end. */
    abstract int produce(ByteBuffer target) throws IOException;

    /** Lets go of native memory. */
    abstract void discard();

    /**
     * How much room the next {@link #read} needs in its target, in bytes.
     *
     * @throws IOException if the bytes cannot be decompressed, or expand to more than is allowed
     */
    public int room() throws IOException {
        return 1;
    }

    /**
     * Reads the next bytes.
     *
     * @param target direct, and with {@link #room()} at least
     * @return how many bytes were put there, which may be none; -1 if there are no more
     * @throws IOException if the bytes cannot be decompressed, or expand to more than is allowed
     */
    public final int read(ByteBuffer target) throws IOException {
        int count = produce(target);
        if (count > 0) {
            produced += count;
            checkLimit(produced);
        }
        return count;
    }

    /** Refuses what would be more than the limit in all. */
    final void checkExpansion(long more) throws IOException {
        checkLimit(produced + more);
    }

    private void checkLimit(long size) throws IOException {
        if (size > limit) {
            throw new DecompressionLimitException(limit);
        }
    }

    /** Replaces the input by a copy of it if native code could not get at it. */
    final void makeInputDirect() {
        if (input.isDirect()) {
            return;
        }
        ByteBuffer target = copy;
        if (target == null || target.capacity() < input.remaining()) {
            target = ByteBuffer.allocateDirect(Math.max(input.remaining(), 16 * 1024));
            copy = target;
        }
        input = target.clear().put(input).flip();
    }

    /** Takes the next bytes of the input as a number and moves behind it. */
    final int nextInt(String what) throws IOException {
        require(Integer.BYTES, what);
        return input.getInt();
    }

    /** Checks that a part of the input is all there. */
    final void require(int bytes, String what) throws IOException {
        if (bytes < 0 || bytes > input.remaining()) {
            throw new IOException(what + " takes " + bytes + " bytes where " + input.remaining() + " remain");
        }
    }

    /** Ends reading. Calling it again has no effect. */
    @Override
    public final void close() {
        Decompressor to = owner;
        if (to == null) {
            return;
        }
        owner = null;
        input = NOTHING;
        if (copy != null && copy.capacity() > KEPT_COPY) {
            copy = null;
        }
        to.give(this);
    }

    /** What it decompresses. */
    abstract CompressionType type();
}
