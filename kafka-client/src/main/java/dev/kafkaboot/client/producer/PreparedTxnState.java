package dev.kafkaboot.client.producer;

/**
 * Which transaction was prepared for a two-phase commit (KIP-939): to be stored, as {@linkplain #toString() text}, with whatever decides on it, and to be given
 * to {@link KafkaProducer#completeTransaction} of this producer or of the one that comes after it.
 *
 * @param producerId the producer id that the transaction was written with; -1 if there is no transaction
 * @param epoch its epoch, which no other transaction of that id has; -1 if there is no transaction
 */
public record PreparedTxnState(long producerId, short epoch) {

    private static final long NO_ID = -1;
    private static final short NO_EPOCH = -1;

    /**
     * A transaction, or none.
     *
     * @throws IllegalArgumentException if a number is below zero, unless both are -1
     */
    public PreparedTxnState {
        boolean isNone = producerId == NO_ID && epoch == NO_EPOCH;
        if (!isNone && (producerId < 0 || epoch < 0)) {
            throw new IllegalArgumentException("There is no producer " + producerId + " of epoch " + epoch);
        }
    }

    /** No transaction. */
    public PreparedTxnState() {
        this(NO_ID, NO_EPOCH);
    }

    /**
     * Reads what {@link #toString()} has written.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public PreparedTxnState(String text) {
        this(text.isEmpty() ? NO_ID : Long.parseLong(part(text, 0)), text.isEmpty() ? NO_EPOCH : Short.parseShort(part(text, 1)));
    }

    private static String part(String text, int index) {
        String[] parts = text.split(":", -1);
        boolean isRight = parts.length == 2 && isNumber(parts[0]) && isNumber(parts[1]);
        if (!isRight) {
            throw new IllegalArgumentException("'" + text + "' is not a prepared transaction, which is producerId:epoch, or empty for none");
        }
        return parts[index];
    }

    private static boolean isNumber(String part) {
        return !part.isEmpty() && part.chars().allMatch(each -> each >= '0' && each <= '9');
    }

    /** Whether there is a transaction. */
    public boolean hasTransaction() {
        return producerId != NO_ID;
    }

    /** The text form: {@code producerId:epoch}, as Apache's client has it; empty if there is no transaction. */
    @Override
    public String toString() {
        return hasTransaction() ? producerId + ":" + epoch : "";
    }
}
