package dev.kafkaboot.client.net;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Something that user threads wait for again and again: room in a buffer, records in a queue.
 *
 * <p>What is waited for must be readable from any thread (a volatile or atomic), and must be changed before {@link #signalAll()} is called. Made by
 * {@link EventLoop#newCondition()}. Safe from any thread.
 */
public interface LoopCondition {

    /**
     * Waits until something is true or a limit has passed.
     *
     * @param until what is waited for; asked in the calling thread, at once and after every signal
     * @return what {@code until} last answered
     * @throws IllegalStateException if called on the loop's thread
     * @throws dev.kafkaboot.client.ClientClosedException if the loop ends meanwhile and {@code until} is still false
     * @throws dev.kafkaboot.client.InterruptException if the calling thread is interrupted; its interrupt flag is set again
     */
    boolean await(BooleanSupplier until, Duration limit);

    /** Lets every waiting thread look again. Cheap when none waits. */
    void signalAll();
}
