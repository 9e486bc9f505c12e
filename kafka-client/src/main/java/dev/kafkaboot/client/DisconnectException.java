package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/** The connection to a broker could not be made, or was lost before the answer came. */
public class DisconnectException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final boolean mayHaveBeenReceived;

    /**
     * A request that lost its connection.
     *
     * @param mayHaveBeenReceived false if it is certain that the broker did not see the whole request
     */
    public DisconnectException(String message, @Nullable Throwable cause, boolean mayHaveBeenReceived) {
        super(message, cause);
        this.mayHaveBeenReceived = mayHaveBeenReceived;
    }

    /** Whether the broker may have received, and acted on, the request. */
    public boolean mayHaveBeenReceived() {
        return mayHaveBeenReceived;
    }

    @Override
    public boolean isRetriable() {
        return true;
    }
}
