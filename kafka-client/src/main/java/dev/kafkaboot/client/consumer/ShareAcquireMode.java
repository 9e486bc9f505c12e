package dev.kafkaboot.client.consumer;

/** How many records a fetch acquires (KIP-1206). */
public enum ShareAcquireMode {
    /** Whole batches: the fastest; there may be more than {@code max.poll.records}. */
    BATCH_OPTIMIZED(0),
    /** Never more than {@code max.poll.records}. */
    RECORD_LIMIT(1);

    private final byte id;

    ShareAcquireMode(int id) {
        this.id = (byte) id;
    }

    /** The number in the protocol. */
    byte id() {
        return id;
    }
}
