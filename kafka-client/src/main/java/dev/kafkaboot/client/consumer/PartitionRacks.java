package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import java.util.Set;

/** Where the replicas of partitions are, for assignors that let members read what is near (KIP-881). */
@FunctionalInterface
public interface PartitionRacks {

    /** Nothing is known. */
    PartitionRacks UNKNOWN = partition -> Set.of();

    /** The racks of a partition's replicas; empty if none is known. */
    Set<String> of(TopicPartition partition);
}
