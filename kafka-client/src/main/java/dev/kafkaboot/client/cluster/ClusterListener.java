package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.AuthenticationException;

/** Hears of new metadata. Called on the loop; it must return at once. */
@FunctionalInterface
public interface ClusterListener {

    /** The snapshot was replaced. */
    void changed(ClusterSnapshot before, ClusterSnapshot after);

    /** No broker lets this client in. It is tried again, and told again, until one does; then {@link #admitted()} follows. */
    default void refused(AuthenticationException reason) {}

    /** The cluster has answered. */
    default void admitted() {}
}
