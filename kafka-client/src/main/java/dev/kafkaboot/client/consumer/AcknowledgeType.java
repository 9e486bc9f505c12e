package dev.kafkaboot.client.consumer;

/** What a member of a share group says of a record that it was given (KIP-932). */
public enum AcknowledgeType {
    /** It was processed: nobody gets it again. */
    ACCEPT(1),
    /** It was not processed, and may be at another attempt: somebody gets it again, unless it was delivered too often. */
    RELEASE(2),
    /** It cannot be processed: nobody gets it again. */
    REJECT(3),
    /** It is still being processed: the lock begins anew. The record stays with the application, which says later what became of it (KIP-1222). */
    RENEW(4);

    /** Of an offset that there is no record at. */
    static final byte GAP = 0;

    private final byte id;

    AcknowledgeType(int id) {
        this.id = (byte) id;
    }

    /** The number in the protocol. */
    public byte id() {
        return id;
    }
}
