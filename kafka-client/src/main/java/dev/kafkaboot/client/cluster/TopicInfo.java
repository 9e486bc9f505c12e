package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A topic as the metadata tells it. A topic that the cluster does not have, or does not show, is here too, with its error and no partitions.
 *
 * @param name the topic's name
 * @param id the topic's id, or {@link Uuid#ZERO} if the broker does not tell ids (before 2.8) or the topic is not there
 * @param error NONE, or why there are no partitions
 * @param internal whether Kafka made it for itself
 * @param partitions in the order of their indexes, from 0 on without a gap
 */
public record TopicInfo(String name, Uuid id, ErrorCode error, boolean internal, List<PartitionInfo> partitions) {

    public TopicInfo {
        partitions = List.copyOf(partitions);
    }

    /** Whether the topic is there, with its partitions. */
    public boolean isKnown() {
        return error == ErrorCode.NONE && !partitions.isEmpty();
    }

    /** How many partitions it has; 0 if it is not known. */
    public int partitionCount() {
        return partitions.size();
    }

    /** One partition, or null if there is none of that index. */
    public @Nullable PartitionInfo partition(int index) {
        return index >= 0 && index < partitions.size() ? partitions.get(index) : null;
    }
}
