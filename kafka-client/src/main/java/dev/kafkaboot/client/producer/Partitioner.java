package dev.kafkaboot.client.producer;

import org.jspecify.annotations.Nullable;

/**
 * Chooses a record's partition where the record does not name one. Must be safe for several threads.
 *
 * <p>It is asked once the topic's partitions are known: on the sending thread, or, for records that had to wait for that, on a thread of the event loop's
 * callbacks. No lock is held meanwhile, so it may ask the producer for what it needs to know.
 */
@FunctionalInterface
public interface Partitioner {

    /**
     * Chooses.
     *
     * @param topic the topic
     * @param key the serialised key, or null
     * @param value the serialised value, or null
     * @param partitionCount how many partitions the topic has
     * @return from 0 to {@code partitionCount - 1}
     */
    int partition(String topic, byte @Nullable [] key, byte @Nullable [] value, int partitionCount);
}
