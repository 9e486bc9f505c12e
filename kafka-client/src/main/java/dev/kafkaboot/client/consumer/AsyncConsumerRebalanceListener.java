package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Hears which partitions a group gives to a consumer and takes away again, and may go on with that when its methods have returned: the rebalance waits until the stages
 * that they answer are complete, for up to the rebalance time-out ({@code max.poll.interval.ms}; less while the consumer is being closed or unsubscribes, which holds for a stage that is waited for already, too).
 *
 * <p>It is called as {@link ConsumerRebalanceListener} is: on a thread that no other has meanwhile, one call at a time, the next one when the stage of the one before is
 * complete. What may be called inside is the same, and so are asynchronous calls, {@link KafkaConsumer#commitAsync()} above all, whose future may be
 * answered. An exception, thrown or told by the stage, is logged, as is a stage that is late, and the rebalance goes on.
 */
public interface AsyncConsumerRebalanceListener {

    /**
     * Partitions have been given to this consumer, in addition to those that it has. No record of them is handed out before the stage is complete.
     *
     * @param partitions the new ones; may be empty
     */
    default CompletionStage<?> onPartitionsAssigned(Collection<TopicPartition> partitions) {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Partitions are about to be taken away. They are in {@link KafkaConsumer#assignment()} until the stage is complete, and no more records of them are handed out.
     *
     * @param partitions the ones that go; never empty
     */
    default CompletionStage<?> onPartitionsRevoked(Collection<TopicPartition> partitions) {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Partitions were lost: the group dropped this member, and others may have them already. It is too late to commit.
     *
     * @param partitions the ones that are gone; never empty
     */
    default CompletionStage<?> onPartitionsLost(Collection<TopicPartition> partitions) {
        return onPartitionsRevoked(partitions);
    }
}
