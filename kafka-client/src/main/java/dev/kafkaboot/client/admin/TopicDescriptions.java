package dev.kafkaboot.client.admin;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads descriptions of topics out of a metadata response. */
final class TopicDescriptions {

    private final Map<Integer, Node> nodes = new HashMap<>();

    TopicDescriptions(MetadataResponse response) {
        response.brokers().forEach(broker ->
                nodes.put(broker.nodeId(), new Node(broker.nodeId(), broker.host(), broker.port(), broker.rack())));
    }

    /** Tells a batch about one topic. One that is not there is told at once: unlike a client in its work, who asks wants to know. */
    void tell(MetadataResponse.MetadataResponseTopic topic, TopicBatch<TopicDescription> batch) {
        String name = topic.name();
        if (name == null) {
            return;
        }
        ErrorCode error = ErrorCode.forCode(topic.errorCode());
        if (error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
            batch.failed(name, new BrokerException("topic '" + name + "'", error, ApiKey.METADATA, null, null));
        } else {
            batch.answered(name, topic.errorCode(), null, null, () -> describe(name, topic));
        }
    }

    private TopicDescription describe(String name, MetadataResponse.MetadataResponseTopic topic) {
        List<PartitionInfo> partitions = topic.partitions().stream()
                .sorted(Comparator.comparingInt(MetadataResponse.MetadataResponsePartition::partitionIndex))
                .map(partition -> new PartitionInfo(
                        name,
                        partition.partitionIndex(),
                        node(partition.leaderId()),
                        partition.leaderEpoch(),
                        nodes(partition.replicaNodes()),
                        nodes(partition.isrNodes()),
                        nodes(partition.offlineReplicas())))
                .toList();
        return new TopicDescription(name, topic.topicId(), topic.isInternal(), partitions);
    }

    private @Nullable Node node(int id) {
        return nodes.get(id);
    }

    /** A broker that is down has no address. */
    private List<Node> nodes(List<Integer> ids) {
        return ids.stream().map(id -> nodes.getOrDefault(id, new Node(id, "", -1, null))).toList();
    }
}
