package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/**
 * A record was fetched whole, but its key or value cannot be turned into an object. What concerns a whole batch is an {@link UnreadableBatchException}.
 *
 * <p>The position stays at the record; seek to {@code offset() + 1} to go on behind it. Other partitions are not affected.
 */
public class RecordDeserializationException extends SerializationException {

    private static final long serialVersionUID = 1L;

    private final TopicPartition topicPartition;
    private final long offset;
    private final transient byte @Nullable [] key;
    private final transient byte @Nullable [] value;

    /**
     * A record that could not be read.
     *
     * @param key the key's bytes, or null if it has none or they are not readable
     * @param value the value's bytes, or null if it has none or they are not readable
     */
    public RecordDeserializationException(
            String message,
            TopicPartition topicPartition,
            long offset,
            byte @Nullable [] key,
            byte @Nullable [] value,
            @Nullable Throwable cause) {
        super(message, cause);
        this.topicPartition = topicPartition;
        this.offset = offset;
        this.key = key;
        this.value = value;
    }

    /** The partition that the record is in. */
    public TopicPartition topicPartition() {
        return topicPartition;
    }

    /** The record's offset. */
    public long offset() {
        return offset;
    }

    /** The key's bytes, or null if it has none or they are not readable. */
    public byte @Nullable [] key() {
        return key;
    }

    /** The value's bytes, or null if it has none or they are not readable. */
    public byte @Nullable [] value() {
        return value;
    }
}
