package dev.kafkaboot.client;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A batch of records was fetched and cannot be read: none of its records is known, so it is not a matter of one of them.
 *
 * <p>The position stays in front of it, and nothing is skipped: every poll tells it again, as long as it lasts. The subclasses say why. Other partitions are
 * not affected.
 *
 * @see CorruptBatchException
 * @see MissingCompressionException
 * @see OversizedBatchException
 */
public abstract class UnreadableBatchException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final TopicPartition topicPartition;
    private final long offset;
    private final long nextOffset;

    UnreadableBatchException(String message, TopicPartition topicPartition, long offset, long nextOffset, @Nullable Throwable cause) {
        super(message, cause);
        this.topicPartition = topicPartition;
        this.offset = offset;
        this.nextOffset = nextOffset;
    }

    /** The partition that the batch is in. */
    public TopicPartition topicPartition() {
        return topicPartition;
    }

    /** The first offset that cannot be read; the position is there. */
    public long offset() {
        return offset;
    }

    /** The offset behind the batch, as its header tells; empty if not even that can be read. A seek there gives all records of the batch up. */
    public OptionalLong nextOffset() {
        return nextOffset < 0 ? OptionalLong.empty() : OptionalLong.of(nextOffset);
    }
}
