package dev.kafkaboot.client.net.sasl.gssapi;

import java.io.IOException;
import java.util.regex.Pattern;

/** Tells what is wrong with a key distribution centre for a while from what it refuses. */
final class KdcTrouble {

    /**
     * By their numbers (RFC 4120, 7.5.9), as the JDK's messages end with them and its exceptions are not open to others: not valid yet (21, 33), which clocks
     * mend that come together; not available (29); taken for a replay (34). What comes without a number is a centre that no name service knows of now.
     */
    private static final Pattern PASSING = Pattern.compile("\\((21|29|33|34)\\)|Cannot locate KDC");

    private KdcTrouble() {}

    /** Whether the same may go well later: input or output failed somewhere below, or the centre's answer is one that passes. */
    static boolean mayPass(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (cause instanceof IOException || message != null && PASSING.matcher(message).find()) {
                return true;
            }
        }
        return false;
    }
}
