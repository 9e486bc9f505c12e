package dev.kafkaboot.test.fake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a member says of a range of records: one word for all, or one for each.
 *
 * @param firstOffset the first
 * @param lastOffset the last
 * @param types the numbers of {@link Type}s
 */
record ShareVerdict(long firstOffset, long lastOffset, List<Byte> types) {

    /** What becomes of a record, with the protocol's numbers. */
    enum Type {
        /** There is no such record: an offset that compaction or a transaction's end has taken. */
        GAP,
        /** It was done. */
        ACCEPT,
        /** It goes back. */
        RELEASE,
        /** It is never to be given out again. */
        REJECT,
        /** It needs more time (KIP-1222). */
        RENEW;

        static @Nullable Type of(byte number) {
            return number >= 0 && number < values().length ? values()[number] : null;
        }
    }

    /** Whether it makes sense in itself. */
    boolean isValid(boolean mayRenew) {
        if (firstOffset > lastOffset || types.isEmpty() || types.size() > 1 && types.size() != lastOffset - firstOffset + 1) {
            return false;
        }
        return types.stream().allMatch(number -> {
            Type type = Type.of(number);
            return type != null && (mayRenew || type != Type.RENEW);
        });
    }

    /** What is said of an offset within the range. */
    Type at(long offset) {
        Type type = Type.of(types.get(types.size() == 1 ? 0 : (int) (offset - firstOffset)));
        if (type == null) {
            throw new IllegalStateException("Not checked: " + this);
        }
        return type;
    }
}
