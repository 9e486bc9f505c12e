package dev.kafkaboot.client.admin;

import dev.kafkaboot.protocol.Uuid;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A topic as it was made, or would be.
 *
 * @param name its name
 * @param id its id; {@link Uuid#ZERO} from brokers before 2.8, where it was only validated, and where the answer that told it was lost
 * @param partitions how many partitions it has, or -1 if the broker did not tell
 * @param replicationFactor how many brokers keep each, or -1 if the broker did not tell
 * @param configs its settings as they are in effect, secrets as null; empty if the user may not see them
 */
public record CreatedTopic(String name, Uuid id, int partitions, int replicationFactor, Map<String, @Nullable String> configs) {}
