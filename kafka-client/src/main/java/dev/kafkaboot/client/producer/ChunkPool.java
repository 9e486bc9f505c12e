package dev.kafkaboot.client.producer;

import dev.kafkaboot.record.ChunkSource;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The producer's memory: direct buffers, as many as {@code buffer.memory} allows.
 *
 * <p>A chunk has one owner at a time, a batch; {@link ProducerBatch.State} says who may touch it meanwhile. It comes back here from the loop alone, when
 * the request's outcome is known, and in no other way: a batch that expires completes its futures and keeps its chunks. (The thread that compresses a
 * batch gives back what the result does not need; nobody else has seen the batch by then.)
 *
 * <p>Chunks are of one size. A record that is larger gets one of the next power of two, which is kept for its like as long as the memory is not needed
 * for others. Threads that wait for memory have a claim to what comes back: nobody else gets it before them ({@link MemoryLine}).
 *
 * <p>Safe from any thread.
 */
final class ChunkPool implements ChunkSource {

    private static final int SMALLEST_CHUNK = 4 * 1024;
    private static final int LARGEST_CHUNK = 64 * 1024;

    /** Larger ones are too rare to keep. */
    private static final int LARGEST_KEPT = 4 * 1024 * 1024;

    /** One list for each power of two. */
    private static final int SIZES = 32;

    /** Who asks for memory. */
    enum Priority {
        /** Anybody: what others wait for is theirs. */
        NEWCOMER,
        /** The first of those that wait: claims are kept from those who are not in the line, so they do not bind it. */
        FIRST_IN_LINE
    }

    private final FreeList[] free = new FreeList[SIZES];
    private final ConcurrentLinkedQueue<ByteBuffer> scratch = new ConcurrentLinkedQueue<>();
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong claimed = new AtomicLong();
    private final AtomicLong kept = new AtomicLong();
    private final long capacity;
    private final int chunkSize;
    private final Runnable onFreed;
    private final IntFunction<ByteBuffer> allocator;
    private final ChunkSource forFirstInLine = new View(Priority.FIRST_IN_LINE);

    /** Buffers of one size that nobody uses. */
    private static final class FreeList extends ConcurrentLinkedQueue<ByteBuffer> {

        private static final long serialVersionUID = 1L;
    }

    /**
     * A pool without memory yet.
     *
     * @param capacity the most bytes that are out at a time
     * @param batchSize what a chunk should hold
     * @param onFreed called, by any thread, after memory came back
     */
    ChunkPool(long capacity, int batchSize, Runnable onFreed) {
        this(capacity, batchSize, onFreed, ByteBuffer::allocateDirect);
    }

    /** A pool whose memory comes from elsewhere. */
    ChunkPool(long capacity, int batchSize, Runnable onFreed, IntFunction<ByteBuffer> allocator) {
        this.capacity = capacity;
        this.allocator = allocator;
        this.chunkSize = powerOfTwo(Math.max(SMALLEST_CHUNK, Math.min(LARGEST_CHUNK, batchSize)));
        this.onFreed = onFreed;
        for (int i = 0; i < SIZES; i++) {
            free[i] = new FreeList();
        }
    }

    private static int powerOfTwo(int atLeast) {
        return atLeast <= 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
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

    /** The bytes that are taken for a record of a size, if it begins a chunk. */
    int sizeFor(int recordSize) {
        if (recordSize <= chunkSize) {
            return chunkSize;
        }
        return recordSize <= LARGEST_KEPT && powerOfTwo(recordSize) <= capacity ? powerOfTwo(recordSize) : recordSize;
    }

    /** Whether so many bytes could be taken now by the first of those that wait. */
    boolean hasRoomFor(long bytes) {
        return used.get() + bytes <= capacity;
    }

    /** Keeps bytes from those who do not wait. */
    void claim(long bytes) {
        claimed.addAndGet(bytes);
    }

    /** Takes a claim back. */
    void unclaim(long bytes) {
        claimed.addAndGet(-bytes);
    }

    /** The pool as a source for somebody with a priority. What is taken from it may be given back to any other. */
    ChunkSource as(Priority priority) {
        return switch (priority) {
            case NEWCOMER -> this;
            case FIRST_IN_LINE -> forFirstInLine;
        };
    }

    private final class View implements ChunkSource {

        private final Priority priority;

        View(Priority priority) {
            this.priority = priority;
        }

        @Override
        public @Nullable ByteBuffer take(int atLeast) {
            return ChunkPool.this.take(atLeast, priority);
        }

        @Override
        public void give(ByteBuffer chunk) {
            ChunkPool.this.give(chunk);
        }

        @Override
        public ByteBuffer takeScratch(int atLeast) {
            return ChunkPool.this.takeScratch(atLeast);
        }

        @Override
        public void giveScratch(ByteBuffer buffer) {
            ChunkPool.this.giveScratch(buffer);
        }
    }

    @Override
    public @Nullable ByteBuffer take(int atLeast) {
        return take(atLeast, Priority.NEWCOMER);
    }

    private @Nullable ByteBuffer take(int atLeast, Priority priority) {
        int size = sizeFor(atLeast);
        if (!reserve(size, priority)) {
            return null;
        }
        boolean isTaken = false;
        try {
            ByteBuffer chunk = chunk(size);
            isTaken = true;
            return chunk;
        } finally {
            if (!isTaken) {
                release(size); // the machine has less memory than was promised
            }
        }
    }

    private ByteBuffer chunk(int size) {
        if (Integer.bitCount(size) != 1 || size > LARGEST_KEPT) {
            return allocator.apply(size);
        }
        ByteBuffer chunk = free[Integer.numberOfTrailingZeros(size)].poll();
        if (chunk != null) {
            kept.addAndGet(-size);
            return chunk;
        }
        makeRoom();
        return allocator.apply(size);
    }

    /** Drops buffers of other sizes, so that what is out and what is kept are no more than the capacity together. */
    private void makeRoom() {
        for (int i = SIZES - 1; i >= 0 && used.get() + kept.get() > capacity; i--) {
            while (used.get() + kept.get() > capacity && free[i].poll() != null) {
                kept.addAndGet(-(1L << i));
            }
        }
    }

    @Override
    public void give(ByteBuffer chunk) {
        int size = chunk.capacity();
        if (Integer.bitCount(size) == 1 && size >= chunkSize && size <= LARGEST_KEPT) {
            kept.addAndGet(size);
            free[Integer.numberOfTrailingZeros(size)].add(chunk.clear());
        }
        used.addAndGet(-size);
    }

    /** Counts bytes that are held elsewhere; false if there is no room for them. */
    boolean reserve(long bytes, Priority priority) {
        while (true) {
            long before = used.get();
            if (before + bytes > capacity - (priority == Priority.NEWCOMER ? claimed.get() : 0)) {
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
    }

    /** Lets those look who wait for memory. Called after memory came back, once for all that came together. */
    void tellFreed() {
        onFreed.run();
    }

    @Override
    public ByteBuffer takeScratch(int atLeast) {
        ByteBuffer old = scratch.poll();
        if (old != null && old.capacity() >= atLeast) {
            return old.clear();
        }
        return allocator.apply(Math.max(2 * chunkSize, powerOfTwo(atLeast)));
    }

    @Override
    public void giveScratch(ByteBuffer buffer) {
        scratch.add(buffer);
    }
}
