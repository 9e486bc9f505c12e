package dev.kafkaboot.client;

import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything that this library throws on account of Kafka, the network or its use.
 *
 * <p>What to do about it is told by {@link #isRetriable()}, {@link #requiresAbort()} and {@link #isFatal()}; what the broker said, if it said
 * something, by {@link #errorCode()}.
 */
public class KafkaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public KafkaException(String message) {
        super(message);
    }

    public KafkaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The error that the broker answered with, or null if none did. */
    public @Nullable ErrorCode errorCode() {
        return null;
    }

    /** Whether the same call may succeed if it is made again. */
    public boolean isRetriable() {
        return false;
    }

    /** Whether the client that threw this is of no more use and must be closed. */
    public boolean isFatal() {
        return false;
    }

    /** Whether the transaction in which this happened must be aborted. */
    public boolean requiresAbort() {
        return false;
    }

    /**
     * The failure of a future as an exception to throw in the thread that waited for it.
     *
     * <p>A {@link KafkaException} gets the stack of the calling thread, because that is where the reader of a log looks; anything else is wrapped.
     */
    public static KafkaException forCaller(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof java.util.concurrent.CompletionException || cause instanceof java.util.concurrent.ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof KafkaException known) {
            known.fillInStackTrace();
            return known;
        }
        String message = cause.getMessage();
        return new KafkaException(message == null ? cause.toString() : message, cause);
    }
}
