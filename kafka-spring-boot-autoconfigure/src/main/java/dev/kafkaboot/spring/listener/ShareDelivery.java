package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.AcknowledgeType;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.spring.support.ShareAcknowledgment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A record of a share group on its way through the listener. Its state is guarded by the lock of its {@link ShareWork}. */
final class ShareDelivery implements ShareAcknowledgment, WorkerPool.Work {

    /** Where it is. */
    enum State {

        /** In line for a worker, for the first time. */
        WAITING,

        /** It has failed, and is to be tried again. */
        RETRYING,

        /** With the listener. */
        RUNNING,

        /** The listener has returned, and owes the acknowledgment. */
        OWED,

        /** It was said what became of it. */
        OVER,

        /** Its lock was lost, so that somebody gets it again, and nothing that is said of it counts. */
        LOST
    }

    private final ShareWork work;
    private final ConsumerRecord<byte[], byte[]> record;

    State state = State.WAITING;

    /** How often this container has handed it to the listener. */
    int attempts;

    /** The thread that was in the listener with it last; null if none was. */
    @Nullable Thread worker;

    /** Since when {@link #worker} has it. */
    long begunNanos;

    /** Whether the consumer was told that this is kept beyond the poll that it came with. */
    boolean kept;

    ShareDelivery(ShareWork work, ConsumerRecord<byte[], byte[]> record) {
        this.work = work;
        this.record = record;
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    TopicPartition partition() {
        return record.topicPartition();
    }

    /** Whether it is this one that came again, and not another at the same place. */
    boolean isOf(ConsumerRecord<byte[], byte[]> other) {
        return record.timestamp() == other.timestamp() && Arrays.equals(record.key(), other.key()) && Arrays.equals(record.value(), other.value());
    }

    /** Whether it came for the first time, and nobody has begun with it. */
    boolean isUntouched() {
        return state == State.WAITING && record.deliveryCount().orElse((short) 1) <= 1;
    }

    @Override
    public void acknowledge() {
        work.acknowledge(this, AcknowledgeType.ACCEPT);
    }

    @Override
    public void release() {
        work.acknowledge(this, AcknowledgeType.RELEASE);
    }

    @Override
    public void reject() {
        work.acknowledge(this, AcknowledgeType.REJECT);
    }

    @Override
    public boolean isAcknowledged() {
        return work.isOver(this);
    }

    /** It is in line once; asked only if working on it failed in the container itself. */
    @Override
    public boolean hasMore() {
        return work.isLeftUndone(this);
    }

    @Override
    public String toString() {
        return record.topicPartition() + "@" + record.offset();
    }
}
