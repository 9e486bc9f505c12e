package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/** A batch is not what was written: its checksum is another one, or it does not hold what its header says. It is fetched anew after it was told. */
public class CorruptBatchException extends UnreadableBatchException {

    private static final long serialVersionUID = 1L;

    /**
     * A batch that cannot be read.
     *
     * @param offset the first offset that cannot be read
     * @param nextOffset the offset behind the batch, or -1 if it is not known
     */
    public CorruptBatchException(String message, TopicPartition topicPartition, long offset, long nextOffset, @Nullable Throwable cause) {
        super(message, topicPartition, offset, nextOffset, cause);
    }
}
