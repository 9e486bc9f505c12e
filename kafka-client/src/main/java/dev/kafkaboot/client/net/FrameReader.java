package dev.kafkaboot.client.net;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the stream of a connection into frames. On the loop only.
 *
 * <p>A little is read ahead, so that a small answer costs one read; what is left of a large one is read straight into its own buffer. A frame's length is
 * judged before a buffer is taken for it. If there is no memory for it, that is a problem of its connection: the loop, and all that live on it, go on.
 */
final class FrameReader {

    private static final int READ_AHEAD = 512;
    private static final int SIZE_FIELD = 4;

    private final ReceiveBufferPool pool;
    private final SizeCheck sizes;
    private final ByteBuffer ahead = ByteBuffer.allocate(READ_AHEAD);
    private @Nullable ByteBuffer frame;
    private long bytesRead;

    /** Judges the length of a frame before anything is allocated. */
    interface SizeCheck {

        /**
         * Looks at a length field.
         *
         * @param size what it says; it may be anything
         * @param begin the first bytes of the frame, its length field included, as far as they are there; read only
         * @throws IOException if no frame of that length can be right
         */
        void check(int size, ByteBuffer begin) throws IOException;
    }

    FrameReader(ReceiveBufferPool pool, SizeCheck sizes) {
        this.pool = pool;
        this.sizes = sizes;
    }

    /**
     * The next frame, without its length field, ready to be read; null if it is not there as a whole yet. Whoever takes it owns it.
     *
     * @throws EndOfStream if the peer ended the stream
     */
    @Nullable ByteBuffer next(Transport transport) throws IOException {
        ByteBuffer body = frame;
        if (body == null) {
            if (!fillAhead(transport)) {
                return null;
            }
            body = begin();
            frame = body;
        }
        while (body.hasRemaining()) {
            int read = read(transport, body);
            if (read == 0) {
                return null;
            }
            count(read, body.position(), body.limit());
        }
        frame = null;
        return body.flip();
    }

    private static int read(Transport transport, ByteBuffer body) throws IOException {
        try {
            return transport.read(body);
        } catch (OutOfMemoryError none) {
            throw noMemory(body.limit(), none);
        }
    }

    private static ConnectionProblem noMemory(int size, OutOfMemoryError none) {
        return new ConnectionProblem("sent an answer of " + size + " bytes, for which there is no memory: " + none.getMessage(), none);
    }

    /** Reads ahead until a length field is there. */
    private boolean fillAhead(Transport transport) throws IOException {
        while (ahead.position() < SIZE_FIELD) {
            int read = readAhead(transport);
            if (read == 0) {
                return false;
            }
            count(read, ahead.position(), 0);
        }
        return true;
    }

    private int readAhead(Transport transport) throws IOException {
        try {
            return transport.read(ahead);
        } catch (OutOfMemoryError none) {
            throw new ConnectionProblem("cannot be read from, for which there is no memory: " + none.getMessage(), none);
        }
    }

    private void count(int read, int soFar, int expected) throws EndOfStream {
        if (read < 0) {
            throw new EndOfStream(bytesRead, soFar, expected);
        }
        bytesRead += read;
    }

    /** Takes a buffer for the frame whose length field has been read ahead, and moves into it what else was. */
    private ByteBuffer begin() throws IOException {
        ahead.flip();
        int size = ahead.getInt(0);
        sizes.check(size, ahead.asReadOnlyBuffer());
        ahead.position(SIZE_FIELD);
        ByteBuffer body = take(size);
        int here = Math.min(ahead.remaining(), size);
        body.put(ahead.slice(ahead.position(), here));
        ahead.position(ahead.position() + here);
        ahead.compact();
        return body;
    }

    private ByteBuffer take(int size) throws ConnectionProblem {
        try {
            return pool.take(size);
        } catch (OutOfMemoryError none) {
            throw noMemory(size, none);
        }
    }

    /** Whether any byte has ever come. */
    boolean hasRead() {
        return bytesRead > 0;
    }

    /** Whether an answer has begun and not come to its end. */
    boolean isInsideFrame() {
        return frame != null || ahead.position() > 0;
    }

    /** Gives back what is held. */
    void close() {
        if (frame != null) {
            pool.give(frame);
            frame = null;
        }
    }

    /** The peer ended the stream. */
    static final class EndOfStream extends EOFException {

        private static final long serialVersionUID = 1L;

        private final boolean first;
        private final boolean insideFrame;

        EndOfStream(long bytesRead, int soFar, int expected) {
            super(expected > 0
                    ? "the stream ended after " + soFar + " of " + expected + " bytes of an answer"
                    : soFar > 0 ? "the stream ended inside the length of an answer" : "the stream ended");
            this.first = bytesRead == 0;
            this.insideFrame = soFar > 0 || expected > 0;
        }

        /** Whether nothing ever came before the end. */
        boolean isFirst() {
            return first;
        }

        /** Whether an answer was cut off. */
        boolean isInsideFrame() {
            return insideFrame;
        }
    }
}
