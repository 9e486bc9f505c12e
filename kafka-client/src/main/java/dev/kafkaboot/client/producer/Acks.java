package dev.kafkaboot.client.producer;

/** How many replicas must have a record before the broker acknowledges it. */
public enum Acks {
    /** None, and the broker does not answer: a record may be lost without anybody knowing. */
    NONE(0),
    /** The leader: an acknowledged record may be lost with it. */
    LEADER(1),
    /** All that are in sync. */
    ALL(-1);

    private final short id;

    Acks(int id) {
        this.id = (short) id;
    }

    /** The number at the wire. */
    public short id() {
        return id;
    }
}
