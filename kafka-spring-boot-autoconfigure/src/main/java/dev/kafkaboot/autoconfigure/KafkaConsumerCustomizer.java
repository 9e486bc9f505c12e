package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.consumer.ConsumerBuilder;

/**
 * Changes how consumers are built, after the properties have had their say, and before what a listener's container has of its own. Beans of this type are
 * called in their order.
 */
@FunctionalInterface
public interface KafkaConsumerCustomizer {

    /** Changes a builder. */
    void customize(ConsumerBuilder<?, ?> builder);
}
