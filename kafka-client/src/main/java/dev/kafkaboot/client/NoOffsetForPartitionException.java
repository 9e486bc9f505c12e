package dev.kafkaboot.client;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** Partitions have no committed offset and {@code auto.offset.reset} is {@code none}. */
public class NoOffsetForPartitionException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final transient Set<TopicPartition> partitions;

    public NoOffsetForPartitionException(Set<TopicPartition> partitions) {
        super("No committed offset for " + new TreeSet<>(partitions)
                + ", and auto.offset.reset is 'none': commit or seek to an offset first, or choose 'earliest' or 'latest'");
        this.partitions = Collections.unmodifiableSet(new TreeSet<>(partitions));
    }

    /** The partitions without an offset, in their order. */
    public Set<TopicPartition> partitions() {
        return partitions;
    }
}
