package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.producer.KafkaProducer;

/**
 * Uses the producer itself; see {@link KafkaTemplate#execute}.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface ProducerCallback<K, V, T> {

    /** Uses it. The producer is shared and not to be closed. */
    T doInKafka(KafkaProducer<K, V> producer);
}
