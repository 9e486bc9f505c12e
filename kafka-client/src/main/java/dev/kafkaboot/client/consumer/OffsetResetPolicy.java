package dev.kafkaboot.client.consumer;

/** Where to read from when there is no committed offset, or the position is outside of what the partition holds ({@code auto.offset.reset}). */
public enum OffsetResetPolicy {
    /** From the first record there is. */
    EARLIEST,
    /** From the next record that is written. */
    LATEST,
    /** Nowhere: the application is told. */
    NONE
}
