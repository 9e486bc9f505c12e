package dev.kafkaboot.client.net;

import dev.kafkaboot.client.TimeoutException;

/** A request was not answered within its limit. */
public class RequestTimeoutException extends TimeoutException {

    private static final long serialVersionUID = 1L;

    private final boolean mayHaveBeenReceived;

    RequestTimeoutException(String message, boolean mayHaveBeenReceived) {
        super(message);
        this.mayHaveBeenReceived = mayHaveBeenReceived;
    }

    /** Whether the broker may have received, and acted on, the request. If not, it was still waiting to be sent. */
    public boolean mayHaveBeenReceived() {
        return mayHaveBeenReceived;
    }
}
