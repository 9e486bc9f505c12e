package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.net.ReceivedFrame;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The answer to a fetch in its buffer, as long as some of its records wait to be handed out: a buffer is given back as a whole, so it is counted as a whole.
 * Any thread.
 */
final class FetchedFrame {

    private final ReceivedFrame<?> frame;
    private final FetchMemory memory;
    private final Runnable onFreed;
    private final AtomicInteger users = new AtomicInteger(1);

    /** Used by the caller, until it releases it. */
    FetchedFrame(ReceivedFrame<?> frame, FetchMemory memory, Runnable onFreed) {
        this.frame = frame;
        this.memory = memory;
        this.onFreed = onFreed;
        memory.take(frame.sizeInBytes());
    }

    void retain() {
        users.incrementAndGet();
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            frame.release();
            memory.release(frame.sizeInBytes());
            onFreed.run();
        }
    }
}
