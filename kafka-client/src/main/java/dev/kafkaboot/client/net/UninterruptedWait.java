package dev.kafkaboot.client.net;

import dev.kafkaboot.client.InterruptException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Waits for what must be known before the waiting thread goes on, even if that is interrupted. Any thread but the loop's. */
public final class UninterruptedWait {

    private UninterruptedWait() {}

    /** As {@link EventLoop#join}; but a thread that is interrupted waits on, and is interrupted again when it has waited. */
    public static <T> T join(EventLoop loop, CompletableFuture<T> future, Duration limit, String waitedFor) {
        long deadline = Times.deadline(loop.nanoTime(), limit);
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    return loop.join(future, Duration.ofNanos(deadline - loop.nanoTime()), () -> waitedFor);
                } catch (InterruptException noted) {
                    isInterrupted = true;
                    Thread.interrupted(); // it would end the next wait at once
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
