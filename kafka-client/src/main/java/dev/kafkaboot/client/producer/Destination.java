package dev.kafkaboot.client.producer;

import dev.kafkaboot.protocol.Uuid;

/**
 * Where a partition's batches go. Those that are under way to one never meet those to another.
 *
 * @param node the partition's leader
 * @param topicId the topic's id; zero if none is known. A topic that was deleted and made again has another.
 */
record Destination(int node, Uuid topicId) {

    /** The partition has no leader. */
    static final Destination NONE = new Destination(-1, Uuid.ZERO);
}
