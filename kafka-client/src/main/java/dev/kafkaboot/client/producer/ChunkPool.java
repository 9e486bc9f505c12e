package dev.kafkaboot.client.producer;

import dev.kafkaboot.record.BatchBuilder;
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

    /** What compressing needs besides, for as long as it takes, is kept up to this much: some threads' worth. */
    private static final long LARGEST_SCRATCH = 8L * 1024 * 1024;

    /** One list for each power of two. */
    private static final int SIZES = 32;

    /** Who asks for memory. */
    enum Priority {
        /** Anybody: what others wait for is theirs. */
        NEWCOMER,
        /** The first of those that wait: claims are kept from those who are not in the line, so they do not bind it. */
        FIRST_IN_LINE,
        /** A parked record, which is counted already, on its way into a chunk: parked ones are not in each other's way. */
        PARKED
    }

    private final FreeList[] free = new FreeList[SIZES];
    private final ConcurrentLinkedQueue<ByteBuffer> scratch = new ConcurrentLinkedQueue<>();
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong parked = new AtomicLong();
    private final AtomicLong claimed = new AtomicLong();
    private final AtomicLong kept = new AtomicLong();
    private final AtomicLong keptScratch = new AtomicLong();
    private final long capacity;
    private final long scratchLimit;
    private final int chunkSize;
    private final Runnable onFreed;
    private final IntFunction<ByteBuffer> allocator;
    private final ChunkSource forFirstInLine = new View(Priority.FIRST_IN_LINE);
    private final ChunkSource forParked = new View(Priority.PARKED);

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
        this.scratchLimit = Math.min(LARGEST_SCRATCH, capacity / 2);
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

    /** The bytes that appending a record takes at most, if it begins a batch. */
    int sizeForRecord(int recordSize) {
        return sizeFor(recordSize + BatchBuilder.OVERHEAD);
    }

    /** Whether so many bytes could be taken now. */
    boolean hasRoomFor(long bytes, Priority priority) {
        return fits(used.get(), bytes, priority);
    }

    /**
     * Whether bytes fit into what is left. What is parked is read after, and changed within, what is used; so where a parked record asks, and nothing else
     * was taken meanwhile, chunks alone stay within the capacity.
     */
    private boolean fits(long usedNow, long bytes, Priority priority) {
        return switch (priority) {
            case NEWCOMER -> usedNow + bytes <= capacity - claimed.get();
            case FIRST_IN_LINE -> usedNow + bytes <= capacity;
            case PARKED -> usedNow - parked.get() + bytes <= capacity;
        };
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
            case PARKED -> forParked;
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

    /** Counts a record that is parked, outside of chunks; false if there is no room for it. */
    boolean reserveParked(long bytes, Priority priority) {
        if (!reserve(bytes, priority)) {
            return false;
        }
        parked.addAndGet(bytes);
        return true;
    }

    /** Takes back what {@link #reserveParked} counted. */
    void releaseParked(long bytes) {
        parked.addAndGet(-bytes);
        release(bytes);
    }

    private boolean reserve(long bytes, Priority priority) {
        while (true) {
            long before = used.get();
            if (!fits(before, bytes, priority)) {
                return false;
            }
            if (used.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    private void release(long bytes) {
        used.addAndGet(-bytes);
    }

    /** Lets those look who wait for memory. Called after memory came back, once for all that came together. */
    void tellFreed() {
        onFreed.run();
    }

    @Override
    public ByteBuffer takeScratch(int atLeast) {
        ByteBuffer old = scratch.poll();
        if (old != null) {
            keptScratch.addAndGet(-old.capacity());
            if (old.capacity() >= atLeast) {
                return old.clear();
            }
        }
        return allocator.apply(Math.max(2 * chunkSize, powerOfTwo(atLeast)));
    }

    @Override
    public void giveScratch(ByteBuffer buffer) {
        if (keptScratch.addAndGet(buffer.capacity()) <= scratchLimit) {
            scratch.add(buffer);
        } else {
            keptScratch.addAndGet(-buffer.capacity());
        }
    }
}
