package dev.kafkaboot.protocol;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A tagged field that this version of the definitions does not know (KIP-482).
 *
 * @param tag its number
 * @param value its bytes
 */
public record UnknownTaggedField(int tag, byte[] value) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UnknownTaggedField that && tag == that.tag && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * tag + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return "tag " + tag + " (" + value.length + " bytes)";
    }
}
