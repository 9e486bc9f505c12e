package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Node;
import org.jspecify.annotations.Nullable;

/** The partitions of a topic, as a {@link Partitioner} sees them: how many there are, and who leads them now. Any thread. */
public interface PartitionView {

    /** How many partitions the topic has; the same for as long as a partitioner is asked about one record. */
    int count();

    /**
     * The broker that leads a partition now, as far as is known; null if it has no leader.
     *
     * @param partition from 0 to {@code count() - 1}
     */
    @Nullable Node leader(int partition);

    /** Whether a partition can be sent to now, as far as is known. One that cannot takes records all the same: they wait until it can. */
    default boolean hasLeader(int partition) {
        return leader(partition) != null;
    }
}
