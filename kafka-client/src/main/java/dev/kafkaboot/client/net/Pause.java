package dev.kafkaboot.client.net;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The time for which a broker asked not to be sent anything (KIP-219). Of two pauses the one that ends later counts. On the loop only. */
final class Pause {

    private final EventLoop loop;
    private final Runnable over;
    private @Nullable Timer timer;
    private long endNanos;

    /** None to begin with; {@code over} hears of the end of each. */
    Pause(EventLoop loop, Runnable over) {
        this.loop = loop;
        this.over = over;
    }

    void begin(Duration length) {
        long end = Times.deadline(loop.nanoTime(), length);
        if (timer != null && endNanos - end >= 0) {
            return;
        }
        cancel();
        endNanos = end;
        timer = loop.schedule(length, () -> {
            timer = null;
            over.run();
        });
    }

    boolean isOn() {
        return timer != null;
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
