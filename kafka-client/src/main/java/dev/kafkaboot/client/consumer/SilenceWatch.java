package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Timer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Notices that the application has not polled for {@code max.poll.interval.ms}. On the loop. */
final class SilenceWatch {

    /** Timers may be early by what they round away. */
    private static final Duration MARGIN = Duration.ofMillis(1);

    private final EventLoop loop;
    private final PollClock polls;
    private final Duration limit;
    private final Consumer<Duration> onSilence;
    private @Nullable Timer timer;

    /**
     * Not watching.
     *
     * @param onSilence is told how long ago the last poll ended, once for each {@link #start()}
     */
    SilenceWatch(EventLoop loop, PollClock polls, Duration limit, Consumer<Duration> onSilence) {
        this.loop = loop;
        this.polls = polls;
        this.limit = limit;
        this.onSilence = onSilence;
    }

    /** Watches from now on, anew if it does already. */
    void start() {
        stop();
        look();
    }

    void stop() {
        Timer running = timer;
        if (running != null) {
            running.cancel();
            timer = null;
        }
    }

    private void look() {
        timer = null;
        Duration idle = polls.idle();
        if (idle.compareTo(limit) > 0) {
            onSilence.accept(idle);
        } else {
            timer = loop.schedule(limit.minus(idle).plus(MARGIN), this::look);
        }
    }
}
