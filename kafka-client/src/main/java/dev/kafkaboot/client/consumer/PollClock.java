package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.net.EventLoop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** When the application polled. Any thread. */
final class PollClock {

    private final EventLoop loop;
    private final AtomicInteger polling = new AtomicInteger();
    private final AtomicLong lastPoll;

    PollClock(EventLoop loop) {
        this.loop = loop;
        this.lastPoll = new AtomicLong(loop.nanoTime());
    }

    /**
     * A thread begins to poll.
     *
     * @return the time since a poll began or ended before
     */
    Duration begin() {
        polling.incrementAndGet();
        long now = loop.nanoTime();
        return Duration.ofNanos(Math.max(0, now - lastPoll.getAndSet(now)));
    }

    /** A thread ends its poll. */
    void end() {
        lastPoll.set(loop.nanoTime());
        polling.decrementAndGet();
    }

    /** Whether a thread polls now. */
    boolean isPolling() {
        return polling.get() > 0;
    }

    /** How long no thread has polled. */
    Duration idle() {
        return isPolling() ? Duration.ZERO : Duration.ofNanos(loop.nanoTime() - lastPoll.get());
    }
}
