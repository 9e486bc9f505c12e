package dev.kafkaboot.protocol;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's identifier of topics and the like: 128 bits, written as base64 for URLs without padding.
 *
 * @param mostSignificantBits the first eight bytes
 * @param leastSignificantBits the last eight bytes
 */
public record Uuid(long mostSignificantBits, long leastSignificantBits) {

    /** The value that stands for none. */
    public static final Uuid ZERO = new Uuid(0, 0);

    /** How many bytes it takes up. */
    public static final int BYTES = 16;

    /**
     * Reads the form that {@link #toString()} writes.
     *
     * @throws IllegalArgumentException if the text is no such form
     */
    public static Uuid fromString(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("'" + text + "' is not a Kafka UUID: " + notBase64.getMessage(), notBase64);
        }
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("'" + text + "' is not a Kafka UUID: it has " + bytes.length + " bytes and not " + BYTES);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Uuid(buffer.getLong(), buffer.getLong());
    }

    // These two by hand: a record's own are put together by java.lang.runtime.ObjectMethods when first called, which takes a new JVM some 15 ms.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Uuid that
                && mostSignificantBits == that.mostSignificantBits
                && leastSignificantBits == that.leastSignificantBits;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(mostSignificantBits) + Long.hashCode(leastSignificantBits);
    }

    @Override
    public String toString() {
        byte[] bytes = ByteBuffer.allocate(BYTES).putLong(mostSignificantBits).putLong(leastSignificantBits).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
