package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/** A key or value could not be turned into bytes, or back. */
public class SerializationException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public SerializationException(String message) {
        super(message);
    }

    public SerializationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
