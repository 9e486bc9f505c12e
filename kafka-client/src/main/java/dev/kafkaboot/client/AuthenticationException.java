package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/**
 * The broker refused the credentials, or the client refused the broker.
 *
 * <p>That is told at once and on every call, but it is not the end of the client: it tries again, and goes on when the credentials are right. Only a transaction,
 * and with it its producer, does not outlive it.
 */
public class AuthenticationException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public AuthenticationException(String message) {
        super(message);
    }

    public AuthenticationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
