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
        long tenths = millis / 100;
        return tenths % 10 == 0 ? tenths / 10 + " s" : tenths / 10 + "." + tenths % 10 + " s";
    }
}
