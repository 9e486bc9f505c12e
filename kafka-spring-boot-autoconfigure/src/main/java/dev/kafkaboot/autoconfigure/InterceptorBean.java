package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.producer.ProducerInterceptor;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.client.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * An interceptor that the context made and closes: producers, of which there may be several, do not.
 *
 * @param bean the interceptor
 */
record InterceptorBean<K, V>(ProducerInterceptor<K, V> bean) implements ProducerInterceptor<K, V> {

    @Override
    public ProducerRecord<K, V> onSend(ProducerRecord<K, V> record) {
        return bean.onSend(record);
    }

    @Override
    public void onAcknowledgement(ProducerRecord<K, V> record, @Nullable RecordMetadata metadata, @Nullable Throwable failure) {
        bean.onAcknowledgement(record, metadata, failure);
    }

    @Override
    public void close() {}

    /** For the producer's messages, which name interceptors. */
    @Override
    public String toString() {
        return bean.toString();
    }
}
