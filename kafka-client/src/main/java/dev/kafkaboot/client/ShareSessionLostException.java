package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/**
 * Records were acquired in a share session that is over: the broker has given them to others, or will when their lock times out, and does not take an
 * acknowledgement of them any more.
 */
public class ShareSessionLostException extends KafkaException {

    private static final long serialVersionUID = 1L;

    /**
     * A session is lost.
     *
     * @param cause what ended it, or null if that is not known
     */
    public ShareSessionLostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
