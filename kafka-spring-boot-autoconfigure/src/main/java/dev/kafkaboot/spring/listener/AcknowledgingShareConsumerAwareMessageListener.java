package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.spring.support.ShareAcknowledgment;
import org.jspecify.annotations.Nullable;

/**
 * A {@link MessageListener} of a share group that says itself what became of a record, in ack mode MANUAL. Several records come at the same time if the container's
 * concurrency is more than 1, in no order.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface AcknowledgingShareConsumerAwareMessageListener<K, V> extends MessageListener<K, V> {

    /**
     * Works on a record. It is accepted when this returns; unless the ack mode is MANUAL.
     *
     * @param acknowledgment says what became of the record; null unless the ack mode is MANUAL
     * @param consumer the container's consumer, to look at
     * @throws Exception if the record could not be worked on; the container's {@link RecordErrorHandler} decides what becomes of it
     */
    void onShareRecord(ConsumerRecord<K, V> record, @Nullable ShareAcknowledgment acknowledgment, KafkaShareConsumer<?, ?> consumer) throws Exception;

    /** Refuses: this listener is for containers of share groups. */
    @Override
    default void onMessage(ConsumerRecord<K, V> record) throws Exception {
        throw new IllegalStateException("This listener is for a container of a share group");
    }
}
