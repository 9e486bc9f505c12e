package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.KafkaException;
import org.jspecify.annotations.Nullable;

/** A listener cannot start, because what its container was given is wrong. It tells which listener, and where that was declared. */
public class ListenerStartException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final String listener;

    ListenerStartException(String listenerId, @Nullable String place, String reason, @Nullable Throwable cause) {
        this("listener '" + listenerId + "'" + (place == null ? "" : " (" + place + ")"), reason, cause);
    }

    private ListenerStartException(String listener, String reason, @Nullable Throwable cause) {
        super("The " + listener + " cannot start: " + reason, cause);
        this.listener = listener;
    }

    /** The listener, as the message names it: {@code listener 'billing' (bean 'orders', method bill(Order))}. */
    public String getListener() {
        return listener;
    }
}
