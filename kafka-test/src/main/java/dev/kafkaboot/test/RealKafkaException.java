package dev.kafkaboot.test;

import org.jspecify.annotations.Nullable;

/** A broker could not be started, or did not do what it was asked to; the message says which broker and shows the end of its log. */
public final class RealKafkaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RealKafkaException(String message) {
        super(message);
    }

    RealKafkaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
