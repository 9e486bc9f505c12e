package dev.kafkaboot.record;

import org.jspecify.annotations.Nullable;

/** The headers of a record, by index, so that reading them allocates nothing (KIP-82). */
public interface HeaderList {

    /** No headers. */
    HeaderList EMPTY = new HeaderList() {
        @Override
        public int size() {
            return 0;
        }

        @Override
        public String key(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public byte @Nullable [] value(int index) {
            throw new IndexOutOfBoundsException(index);
        }
    };

    /** How many there are. */
    int size();

    /** A header's name. */
    String key(int index);

    /** A header's value, or null. */
    byte @Nullable [] value(int index);
}
