package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be worked on.
 *
 * @param record the record as it came, in bytes: reading it may be what failed
 * @param cause why: what the listener threw, or the failure of reading the record or converting its payload
 * @param attempt the how many-th attempt failed, from 1
 * @param listenerId whose listener it is
 * @param groupId its group
 */
public record FailedRecord(ConsumerRecord<byte[], byte[]> record, Throwable cause, int attempt, String listenerId, @Nullable String groupId) {

    /** The partition that the record is in. */
    public TopicPartition partition() {
        return new TopicPartition(record.topic(), record.partition());
    }

    /** The record's place as errors show it: {@code orders-3@42}. */
    public String position() {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }
}
