package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.consumer.ShareConsumerBuilder;

/** Changes how members of share groups are built, after the properties have had their say. Beans of this type are called in their order. */
@FunctionalInterface
public interface KafkaShareConsumerCustomizer {

    /** Changes a builder. */
    void customize(ShareConsumerBuilder<?, ?> builder);
}
