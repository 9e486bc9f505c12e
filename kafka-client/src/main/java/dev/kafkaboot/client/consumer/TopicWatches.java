package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.cluster.ClusterMetadata;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** The topics that a consumer reads, as far as metadata is concerned: those and no others are asked about. Any thread. */
final class TopicWatches {

    private final ClusterMetadata metadata;
    private final boolean create;
    private final Set<String> watched = new LinkedHashSet<>();

    /**
     * Watches none.
     *
     * @param create whether asking may make brokers create a topic
     */
    TopicWatches(ClusterMetadata metadata, boolean create) {
        this.metadata = metadata;
        this.create = create;
    }

    /** Watches these from now on, and what was watched before no more. */
    synchronized void watch(Collection<String> topics) {
        topics.stream().filter(watched::add).forEach(topic -> metadata.watch(topic, create));
        watched.removeIf(topic -> {
            boolean isOver = !topics.contains(topic);
            if (isOver) {
                metadata.unwatch(topic, create);
            }
            return isOver;
        });
    }
}
