package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.producer.KafkaProducer;

/**
 * Where a template has its producer from.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface ProducerFactory<K, V> {

    /** The producer that all share; made when first asked for. Whoever asks does not close it. */
    KafkaProducer<K, V> getProducer();
}
