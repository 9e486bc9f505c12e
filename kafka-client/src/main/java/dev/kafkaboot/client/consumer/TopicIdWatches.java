package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.protocol.Uuid;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The topics of which metadata is asked for by their ids. On the loop. */
final class TopicIdWatches {

    private final ClusterMetadata metadata;
    private final Map<Uuid, Registration> watched = new LinkedHashMap<>();

    /** Watches none. */
    TopicIdWatches(ClusterMetadata metadata) {
        this.metadata = metadata;
    }

    /** Watches these from now on, and what was watched before no more. */
    void watch(Set<Uuid> ids) {
        ids.forEach(id -> watched.computeIfAbsent(id, metadata::watch));
        watched.entrySet().removeIf(entry -> {
            boolean isOver = !ids.contains(entry.getKey());
            if (isOver) {
                entry.getValue().remove();
            }
            return isOver;
        });
    }
}
