package dev.kafkaboot.client.consumer;

/** Where to go on when a position is outside of what its partition holds ({@code auto.offset.reset.out.of.range}). */
public enum OutOfRangeReset {
    /** Where {@code auto.offset.reset} says. */
    RESET,
    /**
     * At the first record that is not older than the last one that was handed out: what was written since is read, though some of it may be read twice. Where none was handed
     * out yet, or there is no such record, as {@link #RESET}.
     */
    LAST_SEEN
}
