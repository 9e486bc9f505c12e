package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerInterceptor;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import java.util.Map;

/**
 * An interceptor that the context made and closes: consumers, of which there may be several, do not.
 *
 * @param bean the interceptor
 */
record ConsumerInterceptorBean<K, V>(ConsumerInterceptor<K, V> bean) implements ConsumerInterceptor<K, V> {

    @Override
    public ConsumerRecords<K, V> onConsume(ConsumerRecords<K, V> records) {
        return bean.onConsume(records);
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        bean.onCommit(offsets);
    }

    @Override
    public void close() {}

    /** For the consumer's messages, which name interceptors. */
    @Override
    public String toString() {
        return bean.toString();
    }
}
