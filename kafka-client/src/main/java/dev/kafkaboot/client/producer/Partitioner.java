package dev.kafkaboot.client.producer;

import org.jspecify.annotations.Nullable;

/**
 * Chooses a record's partition where the record does not name one. Must be safe for several threads.
 *
 * <p>It is asked once for each record, when the topic's partitions are known: on the sending thread, or, for records that had to wait for that, on a thread
 * of the event loop's callbacks. No lock is held meanwhile, so it may ask the producer for what it needs to know.
 *
 * @see Partitioners
 */
@FunctionalInterface
public interface Partitioner extends AutoCloseable {

    /**
     * Chooses.
     *
     * @param topic the topic
     * @param key the serialised key, or null
     * @param value the serialised value, or null
     * @param partitions the topic's partitions
     * @return from 0 to {@code partitions.count() - 1}; the record fails with anything else, and with whatever is thrown
     */
    int partition(String topic, byte @Nullable [] key, byte @Nullable [] value, PartitionView partitions);

    /** Releases what this holds; called when the producer that was given it closes. Of several producers that share one, each calls it. */
    @Override
    default void close() {}
}
