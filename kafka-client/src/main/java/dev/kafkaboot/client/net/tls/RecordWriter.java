package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.net.ConnectionProblem;
import dev.kafkaboot.client.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import org.jspecify.annotations.Nullable;

/**
 * The way out of a TLS channel: whole records, as many as fit into a buffer before it is written. On the loop only.
 *
 * <p>What was taken is encrypted and cannot be taken back, so it counts as written. At most one buffer of it waits for the channel below.
 */
final class RecordWriter {

    private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

    private final SSLEngine engine;
    private final Transport below;
    private final RecordBuffers buffers;
    private final ByteBuffer[] single = new ByteBuffer[1];
    private @Nullable ByteBuffer records; // written up to its position, of which the first bytes may be with the channel already
    private int sent;

    RecordWriter(SSLEngine engine, Transport below, RecordBuffers buffers) {
        this.engine = engine;
        this.below = below;
        this.buffers = buffers;
    }

    /** Encrypts and writes as much as the channel takes; answers how many bytes were taken from the sources. */
    long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long taken = 0;
        int first = offset;
        int end = offset + length;
        while (true) {
            while (first < end && !sources[first].hasRemaining()) {
                first++;
            }
            if (first == end || !makeRoom()) {
                break;
            }
            SSLEngineResult result = wrap(sources, first, end - first);
            taken += result.bytesConsumed();
            if (result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
                break; // the engine has something else to do first
            }
        }
        flush();
        return taken;
    }

    /** Encrypts what the engine itself has to say; answers whether there was room for it. It is not flushed yet. */
    boolean wrapOwn() throws IOException {
        if (!makeRoom()) {
            return false;
        }
        wrap(NOTHING, 0, 1);
        return true;
    }

    private SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length) throws IOException {
        ByteBuffer target = records;
        if (target == null) {
            target = buffers.take();
            records = target;
            sent = 0;
        }
        SSLEngineResult result = engine.wrap(sources, offset, length, target);
        switch (result.getStatus()) {
            case OK -> {}
            case BUFFER_OVERFLOW -> throw new IOException("A TLS record of more than " + target.remaining() + " bytes was to be written");
            case BUFFER_UNDERFLOW -> throw new IOException("TLS needs more to write a record");
            case CLOSED -> {
                if (result.bytesProduced() == 0) {
                    throw new ConnectionProblem("ended the TLS connection");
                }
            }
        }
        return result;
    }

    /** Sees to room for the largest record. */
    private boolean makeRoom() throws IOException {
        int largest = engine.getSession().getPacketBufferSize();
        if (records == null || records.remaining() >= largest) {
            return true;
        }
        flush();
        ByteBuffer waiting = records;
        if (waiting == null || waiting.remaining() >= largest) {
            return true;
        }
        if (waiting.capacity() - waiting.position() + sent < largest) {
            return false;
        }
        waiting.flip().position(sent);
        waiting.compact();
        sent = 0;
        return true;
    }

    /** Writes what waits, as far as the channel takes it; answers whether nothing is left. */
    boolean flush() throws IOException {
        ByteBuffer waiting = records;
        if (waiting == null) {
            return true;
        }
        int end = waiting.position();
        waiting.flip().position(sent);
        single[0] = waiting;
        try {
            below.write(single, 0, 1);
        } catch (OutOfMemoryError none) {
            throw RecordBuffers.noMemory(none);
        } finally {
            single[0] = NOTHING[0];
            sent = waiting.position();
            waiting.limit(waiting.capacity()).position(end);
        }
        if (sent < end) {
            return false;
        }
        release();
        return true;
    }

    /** Whether something waits for the channel. */
    boolean isPending() {
        return records != null;
    }

    /** Lets go of what waits. */
    void release() {
        buffers.give(records);
        records = null;
        sent = 0;
    }
}
