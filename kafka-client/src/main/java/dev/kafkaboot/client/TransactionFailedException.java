package dev.kafkaboot.client;

import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Something went wrong in a transaction. If {@link #requiresAbort()} says so, it must be aborted, and the producer can go on with another one; if
 * {@link #isFatal()} does, the producer is of no more use.
 */
public class TransactionFailedException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final boolean fatal;

    private TransactionFailedException(String message, @Nullable Throwable cause, boolean fatal) {
        super(message, cause);
        this.fatal = fatal;
    }

    /** The transaction must be aborted. */
    public static TransactionFailedException abortable(String message, @Nullable Throwable cause) {
        return new TransactionFailedException(message, cause, /* fatal= */ false);
    }

    /** The producer must be closed. */
    public static TransactionFailedException fatal(String message, @Nullable Throwable cause) {
        return new TransactionFailedException(message, cause, /* fatal= */ true);
    }

    @Override
    public @Nullable ErrorCode errorCode() {
        return getCause() instanceof KafkaException cause ? cause.errorCode() : null;
    }

    @Override
    public boolean isFatal() {
        return fatal;
    }

    @Override
    public boolean requiresAbort() {
        return !fatal;
    }
}
