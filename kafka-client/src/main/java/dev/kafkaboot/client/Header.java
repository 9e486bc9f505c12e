package dev.kafkaboot.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A header of a record (KIP-82). The value's bytes are not copied: whoever hands them over stops changing them.
 *
 * @param key the header's name; names may repeat within a record
 * @param value the value, or null
 */
public record Header(String key, byte @Nullable [] value) {

    public Header {
        Objects.requireNonNull(key, "key");
    }

    /** A header whose value is a text in UTF-8. */
    public static Header of(String key, String value) {
        return new Header(key, value.getBytes(StandardCharsets.UTF_8));
    }

    /** The value as UTF-8 text, or null if there is no value. */
    public @Nullable String text() {
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Header that && key.equals(that.key) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + Arrays.hashCode(value);
    }

    /** Names the key and the value's size; the content, which may be private, is left out. */
    @Override
    public String toString() {
        return key + "=" + (value == null ? "null" : value.length + " bytes");
    }
}
