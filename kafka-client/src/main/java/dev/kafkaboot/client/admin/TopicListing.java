package dev.kafkaboot.client.admin;

import dev.kafkaboot.protocol.Uuid;

/**
 * A topic in a list.
 *
 * @param name its name
 * @param id its id; {@link Uuid#ZERO} from brokers before 2.8
 * @param internal whether Kafka made it for itself
 */
public record TopicListing(String name, Uuid id, boolean internal) {}
