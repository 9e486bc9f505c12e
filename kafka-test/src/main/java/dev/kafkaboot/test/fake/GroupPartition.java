package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Uuid;
import java.util.Comparator;

/**
 * A partition that members of a group share out. It goes by the topic's id: a topic that is made again is another one.
 *
 * @param topicId the topic
 * @param partition the partition
 */
record GroupPartition(Uuid topicId, int partition) implements Comparable<GroupPartition> {

    private static final Comparator<GroupPartition> ORDER = Comparator.comparingLong((GroupPartition each) -> each.topicId.mostSignificantBits())
            .thenComparingLong(each -> each.topicId.leastSignificantBits())
            .thenComparingInt(GroupPartition::partition);

    @Override
    public int compareTo(GroupPartition other) {
        return ORDER.compare(this, other);
    }
}
