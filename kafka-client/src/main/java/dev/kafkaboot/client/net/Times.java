package dev.kafkaboot.client.net;

import java.time.Duration;

/** Times as the clock counts them and as messages tell them. */
public final class Times {

    /** Longer than anything lives, and short enough to be added to a clock. */
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private Times() {}

    /** A duration in nanoseconds; a hundred years, either way, if it is longer than that, so that "for ever" does not overflow. */
    public static long nanos(Duration duration) {
        if (duration.compareTo(FOREVER) >= 0) {
            return FOREVER.toNanos();
        }
        return duration.compareTo(FOREVER.negated()) <= 0 ? -FOREVER.toNanos() : duration.toNanos();
    }

    /** When a limit that begins now will have passed, on the clock of {@link EventLoop#nanoTime()}; whatever the limit, it does not overflow. */
    public static long deadline(long nowNanos, Duration limit) {
        return nowNanos + nanos(limit);
    }

    /** A duration as a reader would say it: {@code 250 ms}, {@code 30 s}, {@code 1.5 s}. */
    public static String text(Duration duration) {
        if (duration.compareTo(FOREVER) >= 0) {
            return "for ever";
        }
        long millis = duration.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        long tenths = millis / 100;
        return tenths % 10 == 0 ? tenths / 10 + " s" : tenths / 10 + "." + tenths % 10 + " s";
    }
}
