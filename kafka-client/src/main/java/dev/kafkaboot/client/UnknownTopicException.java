package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/** A topic does not exist on the cluster, or the user may not see it. */
public class UnknownTopicException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public UnknownTopicException(String message) {
        super(message);
    }

    public UnknownTopicException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean isRetriable() {
        return true;
    }
}
