package dev.kafkaboot.client;

import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A transaction's commit was asked for and not answered: it may have been committed, or may yet be. It cannot be aborted any more. Calling
 * {@code commitTransaction} again waits on for the answer, unless {@link #isFatal()} says that this producer will not get one: whether the transaction was
 * committed can be seen only from what it wrote.
 */
public class UnknownCommitOutcomeException extends TimeoutException {

    private static final long serialVersionUID = 1L;

    private final boolean fatal;

    /** A commit that was not answered in time. */
    public UnknownCommitOutcomeException(String message, @Nullable Throwable cause) {
        this(message, cause, /* fatal= */ false);
    }

    private UnknownCommitOutcomeException(String message, @Nullable Throwable cause, boolean fatal) {
        super(message, cause);
        this.fatal = fatal;
    }

    /** A commit that this producer will not get an answer to. */
    public static UnknownCommitOutcomeException forGood(String message, Throwable cause) {
        return new UnknownCommitOutcomeException(message, cause, /* fatal= */ true);
    }

    @Override
    public @Nullable ErrorCode errorCode() {
        return getCause() instanceof KafkaException cause ? cause.errorCode() : null;
    }

    @Override
    public boolean isFatal() {
        return fatal;
    }

    /** Whether calling {@code commitTransaction} again may tell. */
    @Override
    public boolean isRetriable() {
        return !fatal;
    }
}
