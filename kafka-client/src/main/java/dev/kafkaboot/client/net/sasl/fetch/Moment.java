package dev.kafkaboot.client.net.sasl.fetch;

import dev.kafkaboot.client.security.SaslContext;
import java.util.HexFormat;

/**
 * What a fetch may know of time and chance, taken on the loop before it begins, because there is no other clock.
 *
 * @param nowMillis the time of day in milliseconds since 1970
 * @param unique a text that no other fetch has
 */
public record Moment(long nowMillis, String unique) {

    private static final int UNIQUE_BYTES = 16;

    /** Now. On the loop. */
    public static Moment of(SaslContext context) {
        byte[] unique = new byte[UNIQUE_BYTES];
        context.fillSecurely(unique);
        return new Moment(context.currentTimeMillis(), HexFormat.of().formatHex(unique));
    }
}
