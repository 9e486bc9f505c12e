package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.TopicPartition;
import java.time.Duration;

/**
 * Hears what a producer does, batch by batch: for metrics. Called on the event loop, but for {@link #bufferExhausted}; must return at once. What it throws is
 * logged.
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
     * @param socket how long it took to hand the request to the socket: long if the network or the broker does not keep up
     * @param broker how long it took from then to the answer
     */
    default void batchAcknowledged(TopicPartition partition, int records, Duration socket, Duration broker) {}

    /** A batch will be sent again after an error. */
    default void batchRetried(TopicPartition partition, int records, Throwable reason) {}

    /**
     * Records that were taken have failed for good.
     *
     * @param partition the partition; its index is -1 if they were waiting for the topic's partitions
     */
    default void recordsFailed(TopicPartition partition, int records, Throwable reason) {}

    /** A sender found the buffer full, and waits. Called on the sending thread. */
    default void bufferExhausted() {}
}
