package dev.kafkaboot.client;

import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Offsets were not committed, because the member that asked does not own its partitions any more. */
public class CommitFailedException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final boolean inTransaction;

    public CommitFailedException(String message) {
        this(message, null);
    }

    public CommitFailedException(String message, @Nullable Throwable cause) {
        this(message, cause, /* inTransaction= */ false);
    }

    private CommitFailedException(String message, @Nullable Throwable cause, boolean inTransaction) {
        super(message, cause);
        this.inTransaction = inTransaction;
    }

    /** The offsets were to be committed with a transaction, which must be aborted now. */
    public static CommitFailedException inTransaction(String message, @Nullable Throwable cause) {
        return new CommitFailedException(message, cause, /* inTransaction= */ true);
    }

    @Override
    public @Nullable ErrorCode errorCode() {
        return getCause() instanceof KafkaException cause ? cause.errorCode() : null;
    }

    @Override
    public boolean requiresAbort() {
        return inTransaction;
    }
}
