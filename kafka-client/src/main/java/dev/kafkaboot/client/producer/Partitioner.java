package dev.kafkaboot.client.producer;

import org.jspecify.annotations.Nullable;

/** Chooses a record's partition where the record does not name one. Called on the sending thread; must be safe for several. */
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
