package dev.kafkaboot.generator;

/**
 * A range of versions, both ends included; empty if {@code high < low}.
 *
 * @param low the first version
 * @param high the last version; {@link Short#MAX_VALUE} if it has no end
 */
record VersionRange(int low, int high) {

    static final VersionRange NONE = new VersionRange(0, -1);

    /** Reads {@code none}, {@code 3}, {@code 3+} or {@code 3-5}. */
    static VersionRange parse(String text) {
        if (text.isEmpty() || text.equals("none")) {
            return NONE;
        }
        if (text.endsWith("+")) {
            return new VersionRange(Integer.parseInt(text.substring(0, text.length() - 1)), Short.MAX_VALUE);
        }
        int dash = text.indexOf('-');
        return dash < 0
                ? new VersionRange(Integer.parseInt(text), Integer.parseInt(text))
                : new VersionRange(Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    }

    boolean isEmpty() {
        return high < low;
    }

    boolean contains(VersionRange other) {
        return other.isEmpty() || low <= other.low && high >= other.high;
    }

    boolean contains(int version) {
        return low <= version && version <= high;
    }

    VersionRange intersect(VersionRange other) {
        return new VersionRange(Math.max(low, other.low), Math.min(high, other.high));
    }

    /** A Java condition on {@code version} that tells this range from the rest of a context that it does not contain. */
    String condition(VersionRange context) {
        VersionRange within = intersect(context);
        if (within.isEmpty()) {
            return "false";
        }
        if (contains(context)) {
            return "true";
        }
        if (within.low == context.low) {
            return "version <= " + within.high;
        }
        if (within.high == context.high) {
            return "version >= " + within.low;
        }
        return within.low == within.high ? "version == " + within.low : "version >= " + within.low + " && version <= " + within.high;
    }

    /** The opposite of {@link #condition}. */
    String negatedCondition(VersionRange context) {
        VersionRange within = intersect(context);
        if (within.isEmpty()) {
            return "true";
        }
        if (contains(context)) {
            return "false";
        }
        if (within.low == context.low) {
            return "version > " + within.high;
        }
        if (within.high == context.high) {
            return "version < " + within.low;
        }
        return within.low == within.high ? "version != " + within.low : "(version < " + within.low + " || version > " + within.high + ")";
    }

    /** The range in a sentence: {@code version 3} or {@code versions 3-5}. */
    String words() {
        return (low == high ? "version " : "versions ") + this;
    }

    @Override
    public String toString() {
        if (isEmpty()) {
            return "none";
        }
        return high == Short.MAX_VALUE ? low + "+" : low == high ? Integer.toString(low) : low + "-" + high;
    }
}
