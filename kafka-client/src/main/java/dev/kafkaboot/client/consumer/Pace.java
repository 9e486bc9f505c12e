package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.EventLoop;

/** How soon something that fails again and again may be tried again. On the loop. */
final class Pace {

    private int failures;
    private long notBefore;

    /** It failed; the wait grows with each failure in a row. */
    void failed(EventLoop loop, Backoff backoff) {
        failures++;
        notBefore = loop.nanoTime() + backoff.after(failures, loop.random()).toNanos();
    }

    /** It is not tried before another thing is due, either. */
    void waitFor(Pace other) {
        failures = Math.max(1, failures);
        notBefore = other.notBefore;
    }

    void succeeded() {
        failures = 0;
    }

    /** Whether it may be tried at a time of the loop's clock. */
    boolean isDue(long now) {
        return failures == 0 || now - notBefore >= 0;
    }

    /** The time of the loop's clock from which on it may be tried again. */
    long due() {
        return notBefore;
    }
}
