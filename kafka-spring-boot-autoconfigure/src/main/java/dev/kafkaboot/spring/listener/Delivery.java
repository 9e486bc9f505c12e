package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.record.TimestampType;
import dev.kafkaboot.spring.support.Acknowledgment;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A record on its way through the listener. Its state is guarded by the lock of its {@link PartitionWork}. */
final class Delivery extends OffsetTracker.Entry implements Acknowledgment {

    private final PartitionWork work;
    private final ConsumerRecord<byte[], byte[]> record;
    private final @Nullable RecordDeserializationException unreadable;

    /** How often it was handed to the listener. */
    private int attempts;

    /** The thread that is in the listener with it, or null. */
    private @Nullable Thread worker;

    private long begunNanos;
    private @Nullable Duration nacked;

    Delivery(PartitionWork work, ConsumerRecord<byte[], byte[]> record, boolean endOfPoll) {
        this(work, record, null, endOfPoll);
    }

    /** A record that the consumer could not read. */
    Delivery(PartitionWork work, RecordDeserializationException unreadable) {
        this(work, recordOf(unreadable), unreadable, /* endOfPoll= */ true);
    }

    private Delivery(
            PartitionWork work,
            ConsumerRecord<byte[], byte[]> record,
            @Nullable RecordDeserializationException unreadable,
            boolean endOfPoll) {
        super(record.offset(), record.leaderEpoch().orElse(null), endOfPoll);
        this.work = work;
        this.record = record;
        this.unreadable = unreadable;
    }

    private static ConsumerRecord<byte[], byte[]> recordOf(RecordDeserializationException unreadable) {
        TopicPartition partition = unreadable.topicPartition();
        return new ConsumerRecord<>(
                partition.topic(), partition.partition(), unreadable.offset(), -1, TimestampType.NO_TIMESTAMP, unreadable.key(), unreadable.value(),
                Headers.none(), Optional.empty(), sizeOf(unreadable.key()), sizeOf(unreadable.value()));
    }

    private static int sizeOf(byte @Nullable [] bytes) {
        return bytes == null ? -1 : bytes.length;
    }

    /** Why the consumer could not read it, or null if it could. */
    @Nullable RecordDeserializationException unreadable() {
        return unreadable;
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    int size() {
        return Math.max(0, sizeOf(record.key())) + Math.max(0, sizeOf(record.value()));
    }

    int attempts() {
        return attempts;
    }

    void begin(Thread thread) {
        worker = thread;
        begunNanos = System.nanoTime();
        nacked = null;
        attempts++;
    }

    void end() {
        worker = null;
    }

    /** The listener's thread that has it, or null. */
    @Nullable AtWork atWork() {
        Thread thread = worker;
        return thread == null ? null : new AtWork(toString(), thread, begunNanos);
    }

    boolean isWith(Thread thread) {
        return worker == thread;
    }

    void nackedFor(Duration sleep) {
        nacked = sleep;
        attempts--;
    }

    @Nullable Duration nacked() {
        return nacked;
    }

    @Override
    public void acknowledge() {
        work.acknowledge(this);
    }

    @Override
    public void nack(Duration sleep) {
        if (sleep.isNegative()) {
            throw new IllegalArgumentException("The sleep cannot be negative: " + sleep);
        }
        work.nack(this, sleep);
    }

    @Override
    public String toString() {
        return work.partition() + "@" + offset;
    }
}
