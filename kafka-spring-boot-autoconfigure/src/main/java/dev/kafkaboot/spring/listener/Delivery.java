package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.spring.support.Acknowledgment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A record on its way through the listener. Its state is guarded by the lock of its {@link PartitionWork}. */
final class Delivery extends OffsetTracker.Entry implements Acknowledgment {

    private final PartitionWork work;
    private final ConsumerRecord<byte[], byte[]> record;
    private final int position;

    /** How often it was handed to the listener. */
    private int attempts;

    /** The thread that is in the listener with it, or null. */
    private @Nullable Thread worker;

    private @Nullable Duration nacked;

    Delivery(PartitionWork work, ConsumerRecord<byte[], byte[]> record, boolean endOfPoll, int position) {
        super(record.offset(), record.leaderEpoch().orElse(null), endOfPoll);
        this.work = work;
        this.record = record;
        this.position = position;
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    int size() {
        byte[] key = record.key();
        byte[] value = record.value();
        return (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }

    /** Which of the partition's positions it belongs to. */
    int position() {
        return position;
    }

    int attempts() {
        return attempts;
    }

    void begin(Thread thread) {
        worker = thread;
        nacked = null;
        attempts++;
    }

    void end() {
        worker = null;
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
