package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import java.util.Collection;

/**
 * Hears which partitions a group gives to a consumer and takes away again.
 *
 * <p>It is called on a thread that no other has meanwhile, one call at a time, never on the loop and not necessarily within a poll: what it waits for delays neither other
 * consumers nor the completion of futures, which may come while it is called. Any call of the consumer is allowed inside; {@link KafkaConsumer#unsubscribe()} and
 * {@code close} do not wait there for what has to wait for it. The group waits for it, so it should end within {@code max.poll.interval.ms}. An exception is logged, and
 * the rebalance goes on.
 */
public interface ConsumerRebalanceListener {

    /**
     * Partitions have been given to this consumer, in addition to those that it has. No record of them is handed out before this returns, so this is the
     * place to seek.
     *
     * @param partitions the new ones; may be empty
     */
    default void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

    /**
     * Partitions are about to be taken away: the time to finish work and to commit. They are still in {@link KafkaConsumer#assignment()}, no more records
     * of them are handed out, and every poll that returned some of them was followed by another poll of the same thread (or {@code max.poll.interval.ms}
     * has passed).
     *
     * @param partitions the ones that go; never empty
     */
    default void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

    /**
     * Partitions were lost: the group dropped this member, and others may have them already. It is too late to commit.
     *
     * @param partitions the ones that are gone; never empty
     */
    default void onPartitionsLost(Collection<TopicPartition> partitions) {
        onPartitionsRevoked(partitions);
    }
}
