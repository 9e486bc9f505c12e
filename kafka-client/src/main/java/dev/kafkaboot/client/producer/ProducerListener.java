package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.TopicPartition;
import java.time.Duration;

/**
 * Hears what a producer does, batch by batch: for metrics. Called on the event loop; must return at once and must not throw.
 */
public interface ProducerListener {

    /** Does nothing. */
    ProducerListener NONE = new ProducerListener() {};

    /**
     * A batch was handed to the connection.
     *
     * @param partition the partition
     * @param records how many records
     * @param bytes its size as it is sent
     * @param uncompressedBytes its size before compression
     * @param queued how long it was open and waited
     * @param attempt 1 for the first time
     */
    default void batchSent(TopicPartition partition, int records, int bytes, int uncompressedBytes, Duration queued, int attempt) {}

    /**
     * A batch was acknowledged.
     *
     * @param partition the partition
     * @param records how many records
     * @param latency from the request to its answer
     */
    default void batchAcknowledged(TopicPartition partition, int records, Duration latency) {}

    /** A batch will be sent again after an error. */
    default void batchRetried(TopicPartition partition, int records, Throwable reason) {}

    /** Records failed for good. */
    default void recordsFailed(TopicPartition partition, int records, Throwable reason) {}

    /** A sender found the buffer full, and waits. Called on the sending thread. */
    default void bufferExhausted() {}
}
