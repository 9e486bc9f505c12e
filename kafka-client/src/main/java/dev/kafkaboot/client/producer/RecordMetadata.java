package dev.kafkaboot.client.producer;

/**
 * Where an acknowledged record is.
 *
 * @param topic the topic
 * @param partition the partition
 * @param offset the offset, or -1 if the broker does not tell (acks=0)
 * @param timestamp the record's timestamp in milliseconds since the epoch: the broker's, where the topic keeps the time of appending
 * @param serializedKeySize the key's bytes, or -1 if it is null
 * @param serializedValueSize the value's bytes, or -1 if it is null
 */
public record RecordMetadata(
        String topic, int partition, long offset, long timestamp, int serializedKeySize, int serializedValueSize) {

    /** The form used in logs: {@code orders-3@42}. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
