package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import org.jspecify.annotations.Nullable;

/**
 * The way into a TLS channel: records as they come, decrypted straight into the reader's buffer where a whole one fits into it. On the loop only.
 *
 * <p>What is here need not have been asked for, and makes no event of the channel below: {@link #hasMore()} tells of it.
 */
final class RecordReader {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final Transport below;
    private final RecordBuffers buffers;
    private final PeerBytes peer;
    private @Nullable ByteBuffer records;
    private @Nullable ByteBuffer plain;
    private boolean starved = true;
    private boolean closed;
    private boolean hasSeenAny;

    /** What became of one record. */
    enum Step {
        /** Something was done: there may be bytes, and the engine's state may have changed. */
        PROGRESS,
        /** There is no whole record now. */
        STARVED,
        /** The peer said that it sends no more. */
        CLOSED,
        /** The stream ended, and the peer did not say so within TLS. */
        CUT_OFF
    }

    /** Looks at the first bytes that come. */
    interface PeerBytes {

        /** Looks at bytes of which the first has never been seen before; they are not to be consumed. */
        void first(ByteBuffer bytes) throws IOException;
    }

    RecordReader(SSLEngine engine, Transport below, RecordBuffers buffers, PeerBytes peer) {
        this.engine = engine;
        this.below = below;
        this.buffers = buffers;
        this.peer = peer;
    }

    /** Moves what is decrypted already; answers how many bytes. */
    int drain(ByteBuffer target) {
        ByteBuffer source = plain;
        if (source == null) {
            return 0;
        }
        int count = Math.min(source.remaining(), target.remaining());
        target.put(target.position(), source, source.position(), count);
        target.position(target.position() + count);
        source.position(source.position() + count);
        if (!source.hasRemaining()) {
            buffers.give(source);
            plain = null;
        }
        return count;
    }

    /** Decrypts the next record, into the target if it surely fits, else to be {@linkplain #drain drained}. Only when nothing is left to drain. */
    Step next(ByteBuffer target) throws IOException {
        if (closed) {
            return Step.CLOSED;
        }
        while (true) {
            SSLEngineResult result = unwrap(target);
            switch (result.getStatus()) {
                case OK -> {
                    starved = false;
                    letGo();
                    return Step.PROGRESS;
                }
                case CLOSED -> {
                    closed = true;
                    letGo();
                    return Step.CLOSED;
                }
                case BUFFER_OVERFLOW -> throw new IOException("A TLS record of more than " + RecordBuffers.SIZE + " bytes came");
                case BUFFER_UNDERFLOW -> {
                    int read = fill();
                    if (read <= 0) {
                        starved = true;
                        letGo();
                        return read == 0 ? Step.STARVED : Step.CUT_OFF;
                    }
                }
            }
        }
    }

    private SSLEngineResult unwrap(ByteBuffer target) throws IOException {
        ByteBuffer source = records == null ? NOTHING : records;
        if (target.remaining() >= engine.getSession().getApplicationBufferSize()) {
            SSLEngineResult result = engine.unwrap(source, target);
            if (result.getStatus() != SSLEngineResult.Status.BUFFER_OVERFLOW) {
                return result;
            }
        }
        ByteBuffer own = buffers.take();
        boolean holds = false;
        try {
            SSLEngineResult result = engine.unwrap(source, own);
            holds = own.position() > 0;
            return result;
        } finally {
            if (holds) {
                plain = own.flip();
            } else {
                buffers.give(own);
            }
        }
    }

    private int fill() throws IOException {
        ByteBuffer target = records;
        if (target == null) {
            target = buffers.take().limit(0);
            records = target;
        }
        target.compact();
        int read;
        try {
            if (!target.hasRemaining()) {
                throw new IOException("A TLS record of more than " + RecordBuffers.SIZE + " bytes came");
            }
            read = below.read(target);
        } catch (OutOfMemoryError none) {
            throw RecordBuffers.noMemory(none);
        } finally {
            target.flip();
        }
        if (read > 0 && !hasSeenAny) {
            hasSeenAny = true;
            peer.first(target);
        }
        return read;
    }

    private void letGo() {
        if (records != null && !records.hasRemaining()) {
            buffers.give(records);
            records = null;
        }
    }

    /** Whether any byte has come. */
    boolean hasSeenAny() {
        return hasSeenAny;
    }

    /** Whether there may be something to read of which the channel below does not tell. */
    boolean hasMore() {
        return plain != null || closed || records != null && !starved;
    }

    /** Lets go of everything. */
    void release() {
        buffers.give(records);
        buffers.give(plain);
        records = null;
        plain = null;
    }
}
