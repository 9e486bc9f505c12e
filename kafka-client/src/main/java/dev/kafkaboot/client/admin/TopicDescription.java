package dev.kafkaboot.client.admin;

import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.protocol.Uuid;
import java.util.List;

/**
 * A topic as it is now.
 *
 * @param name its name
 * @param id its id; {@link Uuid#ZERO} from brokers before 2.8
 * @param internal whether Kafka made it for itself
 * @param partitions its partitions, in the order of their indexes
 */
public record TopicDescription(String name, Uuid id, boolean internal, List<PartitionInfo> partitions) {

    public TopicDescription {
        partitions = List.copyOf(partitions);
    }
}
