package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.test.history.ClientProcess;
import dev.kafkaboot.test.history.PartitionId;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Records what a group gives and takes; what was finished of a partition that goes is not committed any more. */
final class Rebalances implements ConsumerRebalanceListener {

    private final ClientProcess client;
    private final Map<TopicPartition, Long> finished;

    Rebalances(ClientProcess client, Map<TopicPartition, Long> finished) {
        this.client = client;
        this.finished = finished;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        client.assigned(ids(partitions));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        finished.keySet().removeAll(partitions);
        client.revoked(ids(partitions));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        finished.keySet().removeAll(partitions);
        client.lost(ids(partitions));
    }

    private static List<PartitionId> ids(Collection<TopicPartition> partitions) {
        return partitions.stream().map(partition -> new PartitionId(partition.topic(), partition.partition())).toList();
    }
}
