package dev.kafkaboot.client;

import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A record could not be sent. {@link #persistence()} says whether it may have been written all the same. */
public class SendException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final String topic;
    private final int partition;
    private final Persistence persistence;

    /**
     * A failed send.
     *
     * @param message says what was waited for, how long, and the last error
     * @param topic the topic
     * @param partition the partition, or -1 if none was chosen yet
     * @param persistence whether the record may have been written
     * @param cause the last error seen, or null if there was none
     */
    public SendException(String message, String topic, int partition, Persistence persistence, @Nullable Throwable cause) {
        super(message, cause);
        this.topic = topic;
        this.partition = partition;
        this.persistence = persistence;
    }

    /** The topic that the record was for. */
    public String topic() {
        return topic;
    }

    /** The partition that the record was for, or -1 if none was chosen yet. */
    public int partition() {
        return partition;
    }

    /** Whether the record may have been written. */
    public Persistence persistence() {
        return persistence;
    }

    @Override
    public @Nullable ErrorCode errorCode() {
        return getCause() instanceof KafkaException cause ? cause.errorCode() : null;
    }

    @Override
    public boolean isRetriable() {
        return getCause() instanceof KafkaException cause && cause.isRetriable();
    }

    @Override
    public boolean isFatal() {
        return getCause() instanceof KafkaException cause && cause.isFatal();
    }
}
