package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/**
 * The credentials to authenticate with could not be had for the moment: a token endpoint or a key distribution centre did not answer, for example. Nothing was
 * refused, so it is tried again.
 */
public class CredentialsUnavailableException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public CredentialsUnavailableException(String message) {
        super(message);
    }

    public CredentialsUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean isRetriable() {
        return true;
    }
}
