package dev.kafkaboot.test.history;

import org.jspecify.annotations.Nullable;

/**
 * What a client said about an operation that went wrong, in words that depend on no client.
 *
 * @param exception the simple name of the exception's class
 * @param errorCode the name of the broker's error code, or null if no broker spoke
 * @param persistence what the client knows about a failed send, or null if it does not say
 * @param message for people
 */
public record Failure(String exception, @Nullable String errorCode, @Nullable Persistence persistence, @Nullable String message) {

    /** What a client may know about a record whose send failed. */
    public enum Persistence {
        /** It was not written and will not be. */
        NOT_PERSISTED,
        /** It may have been written. */
        POSSIBLY_PERSISTED,
        /** It was written, although its acknowledgement failed. */
        PERSISTED
    }

    /** Reads a failure out of a client's exception; a test writes one for the client that it drives. */
    @FunctionalInterface
    public interface Reader {
        /** What the exception says. */
        Failure read(Throwable thrown);
    }

    @Override
    public String toString() {
        return exception + (errorCode == null ? "" : " " + errorCode) + (persistence == null ? "" : " " + persistence)
                + (message == null ? "" : ": " + message);
    }
}
