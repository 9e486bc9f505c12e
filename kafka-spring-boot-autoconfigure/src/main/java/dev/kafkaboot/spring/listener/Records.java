package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Records that differ in what was read. */
public final class Records {

    private Records() {}

    /** The same record with another key and another value. */
    public static <K, V> ConsumerRecord<K, V> with(ConsumerRecord<?, ?> record, @Nullable K key, @Nullable V value) {
        return new ConsumerRecord<>(
                record.topicPartition(), record.offset(), record.timestamp(), record.timestampType(), key, value,
                record.headers(), record.leaderEpoch(), record.serializedKeySize(), record.serializedValueSize(), record.deliveryCount());
    }

    /** The same record with other headers. */
    static <K, V> ConsumerRecord<K, V> with(ConsumerRecord<K, V> record, Headers headers) {
        return new ConsumerRecord<>(
                record.topicPartition(), record.offset(), record.timestamp(), record.timestampType(), record.key(), record.value(),
                headers, record.leaderEpoch(), record.serializedKeySize(), record.serializedValueSize(), record.deliveryCount());
    }
}
