package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.OffsetAndTimestamp;
import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Offsets that the application asks for, of any partitions, whether they are assigned or not. Any thread. */
final class OffsetQueries {

    private final ClientConnections connections;
    private final OffsetLookups lookups;
    private final Duration limit;

    OffsetQueries(ClientConnections connections, OffsetLookups lookups, Duration limit) {
        this.connections = connections;
        this.lookups = lookups;
        this.limit = limit;
    }

    /** The offset of each partition at the same place. */
    CompletableFuture<Map<TopicPartition, Long>> offsets(Collection<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> wanted = new LinkedHashMap<>();
        partitions.forEach(partition -> wanted.put(partition, spec));
        return find(wanted).thenApply(found -> {
            Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
            found.forEach((partition, offset) -> offsets.put(partition, offset.offset()));
            return offsets;
        });
    }

    /** The first record of each partition at or after a time; a partition without one is not in the result. */
    CompletableFuture<Map<TopicPartition, OffsetAndTimestamp>> offsetsForTimes(Map<TopicPartition, Long> timestamps) {
        Map<TopicPartition, OffsetSpec> wanted = new LinkedHashMap<>();
        timestamps.forEach((partition, timestamp) -> wanted.put(partition, OffsetSpec.forTimestamp(timestamp)));
        return find(wanted);
    }

    /** What is asked for of each partition; one for which there is nothing is not in the result. Watches the topics as long as it takes. */
    CompletableFuture<Map<TopicPartition, OffsetAndTimestamp>> find(Map<TopicPartition, OffsetSpec> wanted) {
        Set<String> topics = new LinkedHashSet<>();
        wanted.keySet().forEach(partition -> topics.add(partition.topic()));
        topics.forEach(connections.metadata()::watch);
        return connections.handOver(() -> lookups.find(wanted, limit))
                .whenComplete((found, failure) -> topics.forEach(connections.metadata()::unwatch));
    }
}
