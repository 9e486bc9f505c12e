package dev.kafkaboot.client;

import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything that this library throws on account of Kafka, the network or its use.
 *
 * <p>What to do about it is told by {@link #isRetriable()}, {@link #requiresAbort()} and {@link #isFatal()}; what the broker said, if it said
 * something, by {@link #errorCode()}.
 */
public class KafkaException extends RuntimeException implements Cloneable {

    private static final long serialVersionUID = 1L;

    public KafkaException(String message) {
        this(message, null);
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
     * <p>What is thrown for a {@link KafkaException} is a copy, of the same type, that has the stack of the calling thread, because that is where the reader
     * of a log looks, and the original as a suppressed exception. The original is left alone: many futures may have failed with it, and each of their
     * callers has a stack. Anything else is wrapped.
     */
    public static KafkaException forCaller(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof java.util.concurrent.CompletionException || cause instanceof java.util.concurrent.ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof KafkaException known) {
            return known.copyForCaller();
        }
        String message = cause.getMessage();
        return new KafkaException(message == null ? cause.toString() : message, cause);
    }

    private KafkaException copyForCaller() {
        KafkaException copy;
        try {
            copy = (KafkaException) clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException(impossible);
        }
        copy.fillInStackTrace();
        if (getSuppressed().length == 0) { // else the list is the original's too
            copy.addSuppressed(this);
        }
        return copy;
    }
}
