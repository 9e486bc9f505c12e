package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.spring.support.Acknowledgment;
import org.jspecify.annotations.Nullable;

/**
 * A {@link MessageListener} that says itself when a record is done, in ack mode MANUAL.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface AcknowledgingMessageListener<K, V> extends MessageListener<K, V> {

    /**
     * Works on a record.
     *
     * @param acknowledgment says that the record is done; null unless the ack mode is MANUAL
     */
    void onMessage(ConsumerRecord<K, V> record, @Nullable Acknowledgment acknowledgment) throws Exception;

    @Override
    default void onMessage(ConsumerRecord<K, V> record) throws Exception {
        onMessage(record, null);
    }

    @Override
    default void onMessage(ConsumerRecord<K, V> record, @Nullable Acknowledgment acknowledgment, KafkaConsumer<?, ?> consumer) throws Exception {
        onMessage(record, acknowledgment);
    }
}
