package dev.kafkaboot.test.history;

import java.util.Comparator;

/**
 * A partition of a topic, as a history names it.
 *
 * @param topic the topic
 * @param partition the partition, or {@link #UNKNOWN} if it is not known which
 */
public record PartitionId(String topic, int partition) implements Comparable<PartitionId> {

    /** Stands for the partition of a record whose partition the partitioner has still to choose. */
    public static final int UNKNOWN = -1;

    private static final Comparator<PartitionId> ORDER = Comparator.comparing(PartitionId::topic).thenComparingInt(PartitionId::partition);

    /** A partition. */
    public static PartitionId of(String topic, int partition) {
        return new PartitionId(topic, partition);
    }

    /** Whether the partition is known. */
    public boolean isKnown() {
        return partition != UNKNOWN;
    }

    @Override
    public int compareTo(PartitionId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return topic + "-" + (isKnown() ? partition : "?");
    }
}
