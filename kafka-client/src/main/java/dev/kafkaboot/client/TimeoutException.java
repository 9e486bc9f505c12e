package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/** Something did not happen within its limit. The message says what was waited for, how long, in which state, and the last error seen. */
public class TimeoutException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public TimeoutException(String message) {
        super(message);
    }

    public TimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean isRetriable() {
        return true;
    }
}
