package dev.kafkaboot.client.net;

import java.time.Duration;

/** How times read in messages. */
public final class Times {

    private Times() {}

    /** A duration as a reader would say it: {@code 250 ms}, {@code 30 s}, {@code 1.5 s}. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis / 100 / 10.0 + " s";
    }
}
