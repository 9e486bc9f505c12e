package dev.kafkaboot.test.fake;

import java.util.Comparator;

/**
 * What an offset is committed for.
 *
 * @param topic the topic's name: offsets are kept by name, and go when the topic is deleted
 * @param partition the partition
 */
record OffsetKey(String topic, int partition) implements Comparable<OffsetKey> {

    private static final Comparator<OffsetKey> ORDER = Comparator.comparing(OffsetKey::topic).thenComparingInt(OffsetKey::partition);

    @Override
    public int compareTo(OffsetKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
