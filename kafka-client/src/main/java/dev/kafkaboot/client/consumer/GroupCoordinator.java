package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.CoordinatorType;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;

/**
 * Where the coordinator of the consumer's group is, and how it is asked. On the loop.
 *
 * @param connections the client's connections
 * @param groupId the group
 * @param requestTimeout limit of one request
 * @param backoff waits between attempts
 */
record GroupCoordinator(ClientConnections connections, String groupId, Duration requestTimeout, Backoff backoff) {

    EventLoop loop() {
        return connections.loop();
    }

    /** Finds it, or fails when the limit has passed. */
    CompletableFuture<Node> find(Duration limit) {
        return connections.coordinators().find(CoordinatorType.GROUP, groupId, limit);
    }

    /** Forgets where it is: it said that it is none. */
    void invalidate() {
        connections.coordinators().invalidate(CoordinatorType.GROUP, groupId);
    }

    /** Forgets where it is, if it is this broker still. */
    void invalidate(int nodeId) {
        connections.coordinators().invalidate(CoordinatorType.GROUP, groupId, nodeId);
    }

    @Override
    public String toString() {
        return "group '" + groupId + "'";
    }

    /** Says that the group cannot be joined; but not of a client that was closed under its member, which is no error. */
    void logRefusal(Logger log, KafkaException reason) {
        if (reason instanceof ClientClosedException) {
            log.debug("{}: {}", this, reason.getMessage());
        } else {
            log.error("{}: {}", this, reason.getMessage());
        }
    }
}
