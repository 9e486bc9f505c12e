package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.consumer.ShareConsumerBuilder;

/**
 * Changes how members of share groups are built, after the properties have had their say, and before what a listener's container has of its own. Beans of this type are
 * called in their order.
 */
@FunctionalInterface
public interface KafkaShareConsumerCustomizer {

    /** Changes a builder. */
    void customize(ShareConsumerBuilder<?, ?> builder);
}
