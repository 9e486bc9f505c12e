package dev.kafkaboot.client;

import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
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
    private final SortedMap<Long, Integer> acquired = new TreeMap<>();

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

    /**
     * What a member of a share group has in its hands for this, and may {@link dev.kafkaboot.client.consumer.KafkaShareConsumer#acknowledge(String, int, long,
     * dev.kafkaboot.client.consumer.AcknowledgeType) acknowledge}: the offsets of the batch that it has acquired, or all from there on if it is not known where the batch
     * ends; each with how often it was delivered, this time included. Empty for consumers that have partitions.
     */
    public SortedMap<Long, Integer> acquired() {
        return Collections.unmodifiableSortedMap(acquired);
    }

    /** This one, of a member of a share group. For the client. */
    public UnreadableBatchException with(SortedMap<Long, Integer> offsets) {
        acquired.putAll(offsets);
        return this;
    }
}
