package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/** Offsets were not committed, because the member that asked does not own its partitions any more. */
public class CommitFailedException extends KafkaException {

    private static final long serialVersionUID = 1L;

    public CommitFailedException(String message) {
        super(message);
    }

    public CommitFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
