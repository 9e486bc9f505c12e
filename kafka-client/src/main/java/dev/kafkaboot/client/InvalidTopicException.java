package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/** A topic's name is not one that Kafka allows. */
public class InvalidTopicException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public InvalidTopicException(String message) {
        super(message);
    }

    public InvalidTopicException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
