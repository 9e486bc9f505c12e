package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/** A compressed batch would expand to more than is allowed, which may be an attack. */
public class OversizedBatchException extends UnreadableBatchException {

    private static final long serialVersionUID = 1L;

    /**
     * A batch that cannot be read.
     *
     * @param offset the first offset that cannot be read
     * @param nextOffset the offset behind the batch, or -1 if it is not known
     */
    public OversizedBatchException(String message, TopicPartition topicPartition, long offset, long nextOffset, @Nullable Throwable cause) {
        super(message, topicPartition, offset, nextOffset, cause);
    }
}
