package dev.kafkaboot.client;

import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A record could not be sent. {@link #persistence()} says whether it may have been written all the same. */
public class SendException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final String topic;
    private final int partition;
    private final Persistence persistence;
    private final boolean inTransaction;

    /**
     * A failed send.
     *
     * @param message says what was waited for, how long, and the last error
     * @param topic the topic
     * @param partition the partition, or -1 if none was chosen yet
     * @param persistence whether the record may have been written
     * @param cause the last error seen, or null if there was none
     */
    public SendException(String message, String topic, int partition, Persistence persistence, @Nullable Throwable cause) {
        this(message, topic, partition, persistence, cause, /* inTransaction= */ false);
    }

    private SendException(
            String message, String topic, int partition, Persistence persistence, @Nullable Throwable cause, boolean inTransaction) {
        super(message, cause);
        this.topic = topic;
        this.partition = partition;
        this.persistence = persistence;
        this.inTransaction = inTransaction;
    }

    /** A failed send that was part of a transaction, which must be aborted now, unless the cause is worse, or that is what has happened to it. */
    public static SendException inTransaction(
            String message, String topic, int partition, Persistence persistence, @Nullable Throwable cause) {
        return new SendException(message, topic, partition, persistence, cause, /* inTransaction= */ true);
    }

    /** The topic that the record was for. */
    public String topic() {
        return topic;
    }

    /** The partition that the record was for, or -1 if none was chosen yet. */
    public int partition() {
        return partition;
    }

    /** Whether the record may have been written. */
    public Persistence persistence() {
        return persistence;
    }

    @Override
    public @Nullable ErrorCode errorCode() {
        return getCause() instanceof KafkaException cause ? cause.errorCode() : null;
    }

    /** Whether sending the record again may succeed. In a transaction it never does: the transaction is begun again, or none of it counts. */
    @Override
    public boolean isRetriable() {
        return !inTransaction && getCause() instanceof KafkaException cause && cause.isRetriable();
    }

    @Override
    public boolean requiresAbort() {
        return inTransaction && !isFatal() && !(getCause() instanceof TransactionAbortedException);
    }

    @Override
    public boolean isFatal() {
        return getCause() instanceof KafkaException cause && (cause.isFatal() || inTransaction && cause instanceof AuthenticationException);
    }
}
