package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import java.util.Map;

/**
 * Sees what polls return before the application does, and may change it; and hears what was committed (KIP-42). Must be safe for several threads.
 *
 * <p>What it throws is logged and otherwise without effect: the records go on as they were.
 *
 * @param <K> the keys' type
 * @param <V> the values' type
 */
public interface ConsumerInterceptor<K, V> extends AutoCloseable {

    /**
     * A poll is about to return records. On the polling thread.
     *
     * <p>What is left out counts as handed out, and, where records are {@linkplain KafkaConsumer#mark marked}, as marked.
     *
     * @param records as the consumer, or the interceptor before this one, has them; never empty at first
     * @return what the poll returns instead; may be the same
     */
    default ConsumerRecords<K, V> onConsume(ConsumerRecords<K, V> records) {
        return records;
    }

    /**
     * Offsets were committed, by the application or automatically. On a thread of the event loop's callbacks.
     *
     * @param offsets what was committed; never empty
     */
    default void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    /** The consumer is closed. */
    @Override
    default void close() {}
}
