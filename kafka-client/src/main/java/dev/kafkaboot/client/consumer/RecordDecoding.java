package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.record.RecordCursor;
import dev.kafkaboot.record.TimestampType;
import dev.kafkaboot.record.compress.Decompressor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How records are read.
 *
 * @param keys reads keys
 * @param values reads values
 * @param checkCrcs whether checksums are checked
 * @param isolation whether records of open and aborted transactions are seen
 * @param decompressor what decompressing needs, kept from batch to batch
 * @param <K> the keys' type
 * @param <V> the values' type
 */
record RecordDecoding<K, V>(
        Serializer<K> keys, Serializer<V> values, boolean checkCrcs, IsolationLevel isolation, Decompressor decompressor) {

    /**
     * The record at which a cursor stands.
     *
     * @throws RecordDeserializationException if the user's code cannot read it, whatever it throws; errors of the machine are passed on
     */
    ConsumerRecord<K, V> record(TopicPartition partition, RecordCursor at, TimestampType timestamp, Optional<Integer> leaderEpoch) {
        byte[] key = at.copyKey();
        byte[] value = at.copyValue();
        Headers headers = at.headerCount() == 0 ? Headers.none() : Headers.copyOf(at.headers());
        try {
            K readKey = keys.deserialize(partition.topic(), headers, key);
            V readValue = values.deserialize(partition.topic(), headers, value);
            return new ConsumerRecord<>(partition.topic(), partition.partition(), at.offset(), at.timestamp(), timestamp, readKey, readValue, headers,
                     leaderEpoch, at.keySize(), at.valueSize());
        } catch (OutOfMemoryError | InternalError ofTheMachine) {
            throw ofTheMachine;
        } catch (RuntimeException | Error failure) {
            throw unreadable(partition, at.offset(), key, value, failure);
        }
    }

    private static RecordDeserializationException unreadable(
            TopicPartition partition, long offset, byte @Nullable [] key, byte @Nullable [] value, Throwable failure) {
        String reason = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return new RecordDeserializationException("Cannot deserialise the record of " + partition + " at offset " + offset + ": " + reason
                + ". Seek to " + (offset + 1) + " to go on behind it", partition, offset, key, value, failure);
    }
}
