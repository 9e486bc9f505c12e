package dev.kafkaboot.client.cluster;

/** What a coordinator coordinates. */
public enum CoordinatorType {
    /** Consumer groups; the key is the group's id. */
    GROUP((byte) 0, "group"),
    /** Transactions; the key is the transactional id. */
    TRANSACTION((byte) 1, "transactional id"),
    /** Share groups (KIP-932); the key names group, topic id and partition. */
    SHARE((byte) 2, "share group");

    private final byte id;
    private final String text;

    CoordinatorType(byte id, String text) {
        this.id = id;
        this.text = text;
    }

    /** The type's number in FindCoordinator. */
    public byte id() {
        return id;
    }

    @Override
    public String toString() {
        return text;
    }
}
