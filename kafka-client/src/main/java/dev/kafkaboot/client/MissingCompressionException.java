package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/** A batch is compressed with a codec whose library is not on the class path. */
public class MissingCompressionException extends UnreadableBatchException {

    private static final long serialVersionUID = 1L;

    /**
     * A batch that cannot be read.
     *
     * @param offset the first offset that cannot be read
     * @param nextOffset the offset behind the batch, or -1 if it is not known
     */
    public MissingCompressionException(String message, TopicPartition topicPartition, long offset, long nextOffset, @Nullable Throwable cause) {
        super(message, topicPartition, offset, nextOffset, cause);
    }
}
