package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.net.ConnectionProblem;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers for records, and for what was in them. A connection holds one only while there is something in it. Of one loop, and on it only.
 *
 * <p>If there is no direct memory left, one on the heap does as well, and is not kept. If there is no memory at all, that is a problem of one connection.
 */
final class RecordBuffers {

    /** Several records: one is at most 18,437 bytes long (RFC 5246), or 33,093 as some peers of old have it. */
    static final int SIZE = 128 * 1024;

    private static final int KEPT = 32;

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private final IntFunction<ByteBuffer> direct;
    private final IntFunction<ByteBuffer> heap;

    RecordBuffers() {
        this(ByteBuffer::allocateDirect, ByteBuffer::allocate);
    }

    /** With allocators of one's own. */
    RecordBuffers(IntFunction<ByteBuffer> direct, IntFunction<ByteBuffer> heap) {
        this.direct = direct;
        this.heap = heap;
    }

    /** An empty buffer. */
    ByteBuffer take() throws ConnectionProblem {
        ByteBuffer buffer = free.poll();
        if (buffer != null) {
            return buffer.clear();
        }
        try {
            return direct.apply(SIZE);
        } catch (OutOfMemoryError noDirectMemory) {
            return onHeap();
        }
    }

    private ByteBuffer onHeap() throws ConnectionProblem {
        try {
            return heap.apply(SIZE);
        } catch (OutOfMemoryError none) {
            throw noMemory(none);
        }
    }

    /** What to tell when there is no memory for the bytes of a connection; the socket too needs some if a buffer is on the heap. */
    static ConnectionProblem noMemory(OutOfMemoryError none) {
        return new ConnectionProblem("cannot be spoken to in TLS, for which there is no memory: " + none.getMessage(), none);
    }

    /** Takes one back. */
    void give(@Nullable ByteBuffer buffer) {
        if (buffer != null && buffer.isDirect() && free.size() < KEPT) {
            free.push(buffer);
        }
    }

    /** How many lie ready. */
    int kept() {
        return free.size();
    }
}
