package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.net.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The channel below TLS, in memory: it takes and gives pieces of sizes that a seed chooses, and none at times. */
final class MemoryChannel implements Transport {

    private final SplittableRandom sizes;
    private final int largestPiece;
    private ByteBuffer incoming = ByteBuffer.allocate(0);
    private final ByteArrayOutputStream outgoing = new ByteArrayOutputStream();
    private boolean ended;
    private boolean closed;
    private boolean readWanted;
    private boolean writeWanted;
    private boolean isFull;
    private @Nullable IOException writeFailure;
    private int writes;

    MemoryChannel(long seed, int largestPiece) {
        this.sizes = new SplittableRandom(seed);
        this.largestPiece = largestPiece;
    }

    private int piece(int available) {
        return available == 0 ? 0 : Math.min(available, 1 + sizes.nextInt(largestPiece));
    }

    @Override
    public int read(ByteBuffer target) {
        if (!incoming.hasRemaining()) {
            return ended ? -1 : 0;
        }
        if (largestPiece < Integer.MAX_VALUE - 1 && sizes.nextInt(4) == 0) {
            return 0;
        }
        int count = Math.min(target.remaining(), piece(incoming.remaining()));
        target.put(incoming.slice(incoming.position(), count));
        incoming.position(incoming.position() + count);
        return count;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        writes++;
        if (writeFailure != null) {
            throw writeFailure;
        }
        if (closed) {
            throw new IOException("closed");
        }
        long written = 0;
        for (int i = offset; i < offset + length && !isFull; i++) {
            int count = piece(sources[i].remaining());
            byte[] bytes = new byte[count];
            sources[i].get(bytes);
            outgoing.writeBytes(bytes);
            written += count;
            if (sources[i].hasRemaining()) {
                break;
            }
        }
        return written;
    }

    /** Adds what the peer sent. */
    void arrive(byte[] bytes) {
        ByteBuffer both = ByteBuffer.allocate(incoming.remaining() + bytes.length);
        incoming = both.put(incoming).put(bytes).flip();
    }

    /** The peer ends the stream, behind what has arrived. */
    void end() {
        ended = true;
    }

    /** Takes nothing more, or takes again. */
    void full(boolean takesNothing) {
        isFull = takesNothing;
    }

    /** Breaks each write from now on. */
    void breakWrites(IOException failure) {
        writeFailure = failure;
    }

    /** Takes out what was written. */
    byte[] takeWritten() {
        byte[] bytes = outgoing.toByteArray();
        outgoing.reset();
        return bytes;
    }

    boolean hasToRead() {
        return readWanted && !closed && (incoming.hasRemaining() || ended);
    }

    boolean wantsWrite() {
        return writeWanted && !closed && !isFull;
    }

    boolean isClosed() {
        return closed;
    }

    int writes() {
        return writes;
    }

    @Override
    public void wantWrite(boolean wanted) {
        writeWanted = wanted;
    }

    @Override
    public void wantRead(boolean wanted) {
        readWanted = wanted;
    }

    @Override
    public void close() {
        closed = true;
    }
}
