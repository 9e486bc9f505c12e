package dev.kafkaboot.client.net;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One timer for many deadlines: it is set to the earliest, and who has them looks at all of them when it is due. A deadline that was met costs nothing but
 * one look in vain. On the loop only.
 */
final class DeadlineTimer {

    private final EventLoop loop;
    private final Runnable check;
    private @Nullable Timer timer;
    private long dueNanos;

    DeadlineTimer(EventLoop loop, Runnable check) {
        this.loop = loop;
        this.check = check;
    }

    /** Makes sure that the check runs by then. */
    void arm(long nanos) {
        if (timer != null && dueNanos - nanos <= 0) {
            return;
        }
        cancel();
        dueNanos = nanos;
        timer = loop.schedule(Duration.ofNanos(nanos - loop.nanoTime()), () -> {
            timer = null;
            check.run();
        });
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
