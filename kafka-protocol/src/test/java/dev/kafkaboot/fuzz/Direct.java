package dev.kafkaboot.fuzz;

import java.nio.ByteBuffer;

/** Inputs in memory outside the heap, where large frames are. One thread, and one input at a time. */
public final class Direct {

    private static final ByteBuffer MEMORY = ByteBuffer.allocateDirect(64 * 1024);

    /** What stands before an input, so that nobody takes a buffer's beginning for its position. */
    private static final int BEFORE = 5;

    private Direct() {}

    /** A copy that remains in a larger buffer; valid until the next call. */
    public static ByteBuffer copy(byte[] input) {
        ByteBuffer memory = input.length + BEFORE <= MEMORY.capacity() ? MEMORY.duplicate() : ByteBuffer.allocateDirect(input.length + BEFORE);
        return memory.put(BEFORE, input).position(BEFORE).limit(BEFORE + input.length);
    }
}
