package dev.kafkaboot.record;

import org.jspecify.annotations.Nullable;

/** Headers that were copied out of a record. */
final class HeaderArrays implements HeaderList {

    private final String[] keys;
    private final byte[] @Nullable [] values;

    HeaderArrays(String[] keys, byte[] @Nullable [] values) {
        this.keys = keys;
        this.values = values;
    }

    @Override
    public int size() {
        return keys.length;
    }

    @Override
    public String key(int index) {
        return keys[index];
    }

    @Override
    @SuppressWarnings("NullAway") // the elements may be null: a header without a value
    public byte @Nullable [] value(int index) {
        return values[index];
    }
}
