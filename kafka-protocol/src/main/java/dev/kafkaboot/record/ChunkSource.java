package dev.kafkaboot.record;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where a {@link BatchBuilder} has its memory from: a pool. */
public interface ChunkSource {

    /** Memory of its own for every call, on the heap: for tests and for callers without a pool. */
    ChunkSource UNPOOLED = new ChunkSource() {
        @Override
        public ByteBuffer take(int atLeast) {
            return ByteBuffer.allocate(atLeast);
        }

        @Override
        public void give(ByteBuffer chunk) {
            // Left to the garbage collector.
        }
    };

    /**
     * A buffer of at least a size, at position 0 and with its limit at its capacity; null if there is no memory now.
     *
     * @param atLeast bytes
     */
    @Nullable ByteBuffer take(int atLeast);

    /** Takes a buffer back; nobody uses it any more. */
    void give(ByteBuffer chunk);

    /** Memory for as long as compressing takes, of at least a size and with its limit at its capacity; direct, if it can be. Never fails. */
    default ByteBuffer takeScratch(int atLeast) {
        return ByteBuffer.allocateDirect(atLeast);
    }

    /** Takes back what {@link #takeScratch} gave. */
    default void giveScratch(ByteBuffer buffer) {
        // Left to the garbage collector.
    }
}
