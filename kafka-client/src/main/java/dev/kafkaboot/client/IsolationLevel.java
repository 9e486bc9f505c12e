package dev.kafkaboot.client;

/** Which records of transactions a reader sees (KIP-98). */
public enum IsolationLevel {
    /** Everything up to the high watermark, whatever becomes of its transaction. */
    READ_UNCOMMITTED((byte) 0),
    /** Only records outside of transactions and of committed ones, up to the last stable offset. */
    READ_COMMITTED((byte) 1);

    private final byte id;

    IsolationLevel(byte id) {
        this.id = id;
    }

    /** The value at the wire. */
    public byte id() {
        return id;
    }
}
