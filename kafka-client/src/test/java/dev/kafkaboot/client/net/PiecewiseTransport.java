package dev.kafkaboot.client.net;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** A stream that comes in pieces with nothing between them, and then ends. */
final class PiecewiseTransport implements IncomingTransport {

    private final ByteBuffer stream;
    private final SplittableRandom sizes;
    private int piece;
    private int pieces;
    private int reads;

    PiecewiseTransport(byte[] stream, long seed) {
        this.stream = ByteBuffer.wrap(stream);
        this.sizes = new SplittableRandom(seed);
    }

    @Override
    public int read(ByteBuffer target) {
        reads++;
        if (!stream.hasRemaining()) {
            return -1;
        }
        if (piece == 0) {
            // Small ones and large ones, each followed by a read that finds nothing.
            piece = Math.min(stream.remaining(), 1 + sizes.nextInt(1 << sizes.nextInt(12)));
            pieces++;
            return 0;
        }
        int count = Math.min(piece, target.remaining());
        target.put(stream.slice(stream.position(), count));
        stream.position(stream.position() + count);
        piece -= count;
        return count;
    }

    int reads() {
        return reads;
    }

    int pieces() {
        return pieces;
    }
}
