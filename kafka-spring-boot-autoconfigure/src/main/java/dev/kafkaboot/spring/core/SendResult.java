package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.client.producer.RecordMetadata;

/**
 * What was sent, and where the broker put it.
 *
 * @param <K> the type of the key
 * @param <V> the type of the value
 * @param producerRecord what was sent
 * @param recordMetadata where it is
 */
public record SendResult<K, V>(ProducerRecord<K, V> producerRecord, RecordMetadata recordMetadata) {

    /** What was sent. */
    public ProducerRecord<K, V> getProducerRecord() {
        return producerRecord;
    }

    /** Where the broker put it. */
    public RecordMetadata getRecordMetadata() {
        return recordMetadata;
    }
}
