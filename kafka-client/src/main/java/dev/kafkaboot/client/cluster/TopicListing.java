package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All topics as one answer has them, which nobody goes on to watch. */
public final class TopicListing {

    private TopicListing() {}

    /** The topics of an answer by their names, without those that the broker told an error of: one that is about to go, or that the user may not see. */
    public static Map<String, List<PartitionInfo>> of(MetadataResponse response) {
        Map<Integer, Node> nodes = new HashMap<>();
        response.brokers().forEach(broker -> nodes.put(broker.nodeId(), new Node(broker.nodeId(), broker.host(), broker.port(), broker.rack())));
        Map<String, List<PartitionInfo>> topics = new TreeMap<>();
        response.topics().forEach(topic -> {
            String name = topic.name();
            if (name != null && topic.errorCode() == ErrorCode.NONE.code()) {
                topics.put(name, MetadataMerge.partitions(name, topic, nodes));
            }
        });
        return topics;
    }
}
