package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.producer.ProducerBuilder;

/** Changes how producers are built, after the properties have had their say. Beans of this type are called in their order. */
@FunctionalInterface
public interface KafkaProducerCustomizer {

    /** Changes a builder. */
    void customize(ProducerBuilder<?, ?> builder);
}
