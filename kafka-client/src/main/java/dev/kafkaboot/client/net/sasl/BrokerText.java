package dev.kafkaboot.client.net.sasl;

import org.jspecify.annotations.Nullable;

/** Texts of a broker that is not trusted yet, made fit for messages and logs. */
final class BrokerText {

    private static final int LENGTH_MAX = 500;

    private BrokerText() {}

    /** The text on one line, without what a terminal would act on, and not too long; empty if there is none. */
    static String of(@Nullable String text) {
        if (text == null) {
            return "";
        }
        String begin = text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX) + "...";
        return begin.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    }
}
