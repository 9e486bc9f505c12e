package dev.kafkaboot.client.admin;

import dev.kafkaboot.client.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as it is now.
 *
 * @param clusterId its id, or null from brokers that do not tell
 * @param controller the broker that takes requests for the controller, or null if there is none at the moment
 * @param nodes the brokers that are up, in the order of their ids
 */
public record ClusterDescription(@Nullable String clusterId, @Nullable Node controller, List<Node> nodes) {

    public ClusterDescription {
        nodes = List.copyOf(nodes);
    }
}
