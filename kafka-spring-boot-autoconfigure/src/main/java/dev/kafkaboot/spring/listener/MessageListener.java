package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.spring.support.Acknowledgment;
import org.jspecify.annotations.Nullable;

/**
 * Works on records, one call each. The records of a partition come one after the other; those of different partitions may come at the same time, so an
 * implementation is thread-safe if the container's concurrency is more than 1.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface MessageListener<K, V> {

    /**
     * Works on a record. It is done when this returns; unless the ack mode is MANUAL.
     *
     * @throws Exception if the record could not be worked on; the container's {@link RecordErrorHandler} decides what becomes of it
     */
    void onMessage(ConsumerRecord<K, V> record) throws Exception;

    /**
     * Works on a record, with all that a listener may use. This is what the container calls.
     *
     * @param acknowledgment says that the record is done; null unless the ack mode is MANUAL
     * @param consumer the container's consumer, to look at or to seek. A seek moves what is fetched next, and the container has records of the partition that it fetched
     *     before. If it goes back, those from there on are dropped, and come again in their turn; if it goes forward, they are handed out all the same, before those
     *     at the new position. Whoever wants to skip records returns from them. Nothing else of the consumer, such as its subscription or its end, is the listener's
     */
    default void onMessage(ConsumerRecord<K, V> record, @Nullable Acknowledgment acknowledgment, KafkaConsumer<?, ?> consumer) throws Exception {
        onMessage(record);
    }
}
