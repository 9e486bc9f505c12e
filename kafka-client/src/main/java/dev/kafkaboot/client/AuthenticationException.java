package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/** The broker refused the credentials, or the client refused the broker. */
public class AuthenticationException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public AuthenticationException(String message) {
        super(message);
    }

    public AuthenticationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean isFatal() {
        return true;
    }
}
