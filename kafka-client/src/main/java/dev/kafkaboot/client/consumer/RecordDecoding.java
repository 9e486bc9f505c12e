package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.record.RecordCursor;
import dev.kafkaboot.record.TimestampType;
import dev.kafkaboot.record.compress.Decompressor;
import java.nio.ByteBuffer;
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
        return record(partition, at, timestamp, leaderEpoch, Optional.empty());
    }

    /** As {@link #record(TopicPartition, RecordCursor, TimestampType, Optional)}, of a record that was delivered so often in a share group. */
    ConsumerRecord<K, V> record(
            TopicPartition partition, RecordCursor at, TimestampType timestamp, Optional<Integer> leaderEpoch, Optional<Short> deliveryCount) {
        Headers headers = at.headerCount() == 0 ? Headers.none() : Headers.copyOf(at.headers());
        try {
            K readKey = keys.readsViews()
                    ? keys.deserializeView(partition.topic(), headers, view(at.keySize(), at.keyBuffer()))
                    : keys.deserialize(partition.topic(), headers, at.copyKey());
            V readValue = values.readsViews()
                    ? values.deserializeView(partition.topic(), headers, view(at.valueSize(), at.valueBuffer()))
                    : values.deserialize(partition.topic(), headers, at.copyValue());
            return new ConsumerRecord<>(partition, at.offset(), at.timestamp(), timestamp, readKey, readValue, headers,
                     leaderEpoch, at.keySize(), at.valueSize(), deliveryCount);
        } catch (OutOfMemoryError | InternalError ofTheMachine) {
            throw ofTheMachine;
        } catch (Throwable failure) { // a user's code, which may throw a checked exception that it does not declare
            String remedy = deliveryCount.isEmpty() ? "Seek to " + (at.offset() + 1) + " to go on behind it" : "It is released, if it is not acknowledged otherwise";
            throw unreadable(partition, at.offset(), at.copyKey(), at.copyValue(), failure, remedy);
        }
    }

    private static @Nullable ByteBuffer view(int size, ByteBuffer bytes) {
        return size < 0 ? null : bytes.asReadOnlyBuffer();
    }

    private static RecordDeserializationException unreadable(
            TopicPartition partition, long offset, byte @Nullable [] key, byte @Nullable [] value, Throwable failure,
            String remedy) {
        String reason = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return new RecordDeserializationException("Cannot deserialise the record of " + partition + " at offset " + offset + ": " + reason + ". " + remedy, partition, offset, key, value, failure);
    }
}
