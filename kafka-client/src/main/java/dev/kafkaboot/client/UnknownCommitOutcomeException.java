package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/**
 * A transaction's commit was asked for and not answered in time: it may have been committed, or may yet be. It cannot be aborted any more. Calling
 * {@code commitTransaction} again waits on for the answer.
 */
public class UnknownCommitOutcomeException extends TimeoutException {

    private static final long serialVersionUID = 1L;

    public UnknownCommitOutcomeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
