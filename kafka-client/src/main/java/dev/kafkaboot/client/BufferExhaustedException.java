package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/** The producer's buffer was full, and stayed full for as long as the caller was ready to wait. */
public class BufferExhaustedException extends TimeoutException {

    private static final long serialVersionUID = 1L;

    public BufferExhaustedException(String message) {
        super(message);
    }

    public BufferExhaustedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
