package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs one task at the earliest of the times that were asked for, however many ask. On the loop. */
final class Alarm {

    private final EventLoop loop;
    private final Runnable task;
    private @Nullable Timer timer;
    private long due;

    Alarm(EventLoop loop, Runnable task) {
        this.loop = loop;
        this.task = task;
    }

    /** Runs the task at a time of the loop's clock, if it is not to run before. */
    void noLaterThan(long nanos) {
        Timer set = timer;
        if (set != null && due - nanos <= 0) {
            return;
        }
        if (set != null) {
            set.cancel();
        }
        due = nanos;
        timer = loop.schedule(Duration.ofNanos(Math.max(0, nanos - loop.nanoTime())), () -> {
            timer = null;
            task.run();
        });
    }

    /** Runs the task after a while, if it is not to run before. */
    void after(Duration pause) {
        noLaterThan(loop.nanoTime() + pause.toNanos());
    }

    /** Does not run the task. */
    void cancel() {
        Timer set = timer;
        if (set != null) {
            set.cancel();
            timer = null;
        }
    }
}
