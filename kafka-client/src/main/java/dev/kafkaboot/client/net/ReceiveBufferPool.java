package dev.kafkaboot.client.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for received frames, in sizes that are powers of two. Large ones are direct, so that the socket is read straight into them.
 *
 * <p>What it keeps is bounded; beyond that, buffers are left to the garbage collector. Safe from any thread, because consumers give buffers back
 * from theirs.
 */
final class ReceiveBufferPool {

    /** From this size on buffers are direct: below it, copying from the channel's own direct buffer costs less than native memory does. */
    private static final int DIRECT_FROM = 16 * 1024;

    private static final int SMALLEST_SHIFT = 8;

    private final int keptBytesMax;
    private final ArrayDeque<ByteBuffer>[] free;
    private int keptBytes;

    ReceiveBufferPool(int keptBytesMax) {
        this.keptBytesMax = keptBytesMax;
        this.free = newClasses();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of generics cannot be made otherwise
    private static ArrayDeque<ByteBuffer>[] newClasses() {
        ArrayDeque<ByteBuffer>[] classes = new ArrayDeque[31 - SMALLEST_SHIFT];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = new ArrayDeque<>();
        }
        return classes;
    }

    /** A buffer with position 0 and exactly the limit asked for. */
    ByteBuffer take(int size) {
        int sizeClass = sizeClass(size);
        if (sizeClass >= free.length) {
            return ByteBuffer.allocate(size);
        }
        ByteBuffer buffer = poll(sizeClass);
        if (buffer == null) {
            buffer = allocate(1 << (sizeClass + SMALLEST_SHIFT));
        }
        return buffer.clear().limit(size);
    }

    /** Takes a buffer back. The caller must not touch it any more, nor any slice of it. */
    void give(ByteBuffer buffer) {
        int sizeClass = sizeClass(buffer.capacity());
        if (sizeClass >= free.length || buffer.capacity() != 1 << (sizeClass + SMALLEST_SHIFT)) {
            return;
        }
        synchronized (this) {
            if (keptBytes + buffer.capacity() <= keptBytesMax) {
                keptBytes += buffer.capacity();
                free[sizeClass].push(buffer);
            }
        }
    }

    /** How many bytes lie ready. */
    synchronized int keptBytes() {
        return keptBytes;
    }

    private synchronized @Nullable ByteBuffer poll(int sizeClass) {
        ByteBuffer buffer = free[sizeClass].poll();
        if (buffer != null) {
            keptBytes -= buffer.capacity();
        }
        return buffer;
    }

    private static ByteBuffer allocate(int size) {
        if (size < DIRECT_FROM) {
            return ByteBuffer.allocate(size);
        }
        try {
            return ByteBuffer.allocateDirect(size);
        } catch (OutOfMemoryError noDirectMemory) {
            return ByteBuffer.allocate(size); // the heap may still have room; if it has not, this error is the one to see
        }
    }

    private static int sizeClass(int size) {
        int shift = 32 - Integer.numberOfLeadingZeros(Math.max(size, 1) - 1);
        return Math.max(0, shift - SMALLEST_SHIFT);
    }
}
