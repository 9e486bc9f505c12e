package dev.kafkaboot.client.producer;

import org.jspecify.annotations.Nullable;

/**
 * Sees every record before it is serialised, and may change it; and hears what became of it (KIP-42). Must be safe for several threads.
 *
 * <p>What it throws is logged and otherwise without effect: the record is sent as it was.
 *
 * @param <K> the keys' type
 * @param <V> the values' type
 */
public interface ProducerInterceptor<K, V> extends AutoCloseable {

    /**
     * A record is about to be serialised and its partition chosen. On the sending thread.
     *
     * @param record as the application, or the interceptor before this one, made it
     * @return what is sent instead; may be the same
     */
    default ProducerRecord<K, V> onSend(ProducerRecord<K, V> record) {
        return record;
    }

    /**
     * A record was acknowledged, or has failed. On a thread of the event loop's callbacks, or on the sending thread if it was refused at once.
     *
     * @param record as it was sent
     * @param metadata where it was written; null if it has failed
     * @param failure why it has failed; null if it was written
     */
    default void onAcknowledgement(ProducerRecord<K, V> record, @Nullable RecordMetadata metadata, @Nullable Throwable failure) {}

    /** The producer is closed. */
    @Override
    default void close() {}
}
