package dev.kafkaboot.record;

/** What a control record says; it is in the record's key (KIP-98). */
public enum ControlRecordType {
    /** The producer's transaction was aborted. */
    ABORT,
    /** The producer's transaction was committed. */
    COMMIT,
    /** Anything else: nothing that a client acts on. */
    OTHER;

    private static final int KEY_SIZE = 4;

    /** Reads the type from the key of the record at which a cursor stands. */
    public static ControlRecordType of(RecordCursor cursor) {
        if (cursor.keySize() < KEY_SIZE) {
            throw new CorruptRecordException("The control record at offset " + cursor.offset() + " has a key of " + cursor.keySize() + " bytes");
        }
        return switch (cursor.keyBuffer().getShort(2)) {
            case 0 -> ABORT;
            case 1 -> COMMIT;
            default -> OTHER;
        };
    }
}
