package dev.kafkaboot.client.producer;

import dev.kafkaboot.record.ChunkSource;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The producer's memory: direct chunks of one size, as many as {@code buffer.memory} allows.
 *
 * <p>A chunk has one owner at a time, a batch. In the batch's state FILLING user threads write to it under the partition's lock; READY and IN_FLIGHT it
 * is only read; it comes back here (FREE) from the loop alone, when the request's outcome is known, and in no other way: a batch that expires completes
 * its futures and keeps its chunks. A record that is larger than a chunk gets memory of its own, which counts and is not kept.
 *
 * <p>Safe from any thread.
 */
final class ChunkPool implements ChunkSource {

    private static final int SMALLEST_CHUNK = 4 * 1024;
    private static final int LARGEST_CHUNK = 64 * 1024;

    private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<ByteBuffer> scratch = new ConcurrentLinkedQueue<>();
    private final AtomicLong used = new AtomicLong();
    private final long capacity;
    private final int chunkSize;
    private final Runnable onFreed;

    /**
     * A pool without memory yet.
     *
     * @param capacity the most bytes that are out at a time
     * @param batchSize what a chunk should hold
     * @param onFreed called, by any thread, after memory came back
     */
    ChunkPool(long capacity, int batchSize, Runnable onFreed) {
        this.capacity = capacity;
        this.chunkSize = Math.max(SMALLEST_CHUNK, Math.min(LARGEST_CHUNK, batchSize));
        this.onFreed = onFreed;
    }

    int chunkSize() {
        return chunkSize;
    }

    long capacity() {
        return capacity;
    }

    /** Bytes that are out. */
    long used() {
        return used.get();
    }

    /** Whether a record of a size would get memory now. */
    boolean hasRoomFor(int bytes) {
        return used.get() + Math.max(chunkSize, bytes) <= capacity;
    }

    @Override
    public @Nullable ByteBuffer take(int atLeast) {
        int size = Math.max(chunkSize, atLeast);
        if (!reserve(size)) {
            return null;
        }
        if (size > chunkSize) {
            return ByteBuffer.allocate(size);
        }
        ByteBuffer chunk = free.poll();
        return chunk != null ? chunk : ByteBuffer.allocateDirect(chunkSize);
    }

    @Override
    public void give(ByteBuffer chunk) {
        if (chunk.isDirect() && chunk.capacity() == chunkSize) {
            free.add(chunk.clear());
        }
        release(chunk.capacity());
    }

    /** Counts bytes that are held elsewhere; false if there is no room for them. */
    boolean reserve(long bytes) {
        while (true) {
            long before = used.get();
            if (before + bytes > capacity) {
                return false;
            }
            if (used.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    /** Takes back what {@link #reserve} counted. */
    void release(long bytes) {
        used.addAndGet(-bytes);
        onFreed.run();
    }

    @Override
    public ByteBuffer takeScratch(int atLeast) {
        ByteBuffer kept = scratch.poll();
        if (kept != null && kept.capacity() >= atLeast) {
            return kept.clear();
        }
        return ByteBuffer.allocateDirect(Math.max(2 * chunkSize, Integer.highestOneBit(Math.max(1, atLeast - 1)) << 1));
    }

    @Override
    public void giveScratch(ByteBuffer buffer) {
        scratch.add(buffer);
    }
}
