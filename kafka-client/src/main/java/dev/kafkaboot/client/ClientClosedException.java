package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/** The client was closed before or during the call. */
public class ClientClosedException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public ClientClosedException(String message) {
        super(message);
    }

    public ClientClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
