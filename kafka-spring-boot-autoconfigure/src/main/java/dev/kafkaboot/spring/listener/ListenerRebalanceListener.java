package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import java.util.Collection;

/**
 * A {@link ConsumerRebalanceListener} that knows of containers: it says whose rebalances it wants to hear of, and is told whose they are.
 *
 * <p>A bean of either type is called for every container; this one only for those that it {@linkplain #appliesTo asks for}. On revocation it is called when
 * the listener has finished what it was working on and that is committed, and before the partitions are given up.
 */
public interface ListenerRebalanceListener extends ConsumerRebalanceListener {

    /** Whether it wants to hear of this listener. All, by default. */
    default boolean appliesTo(String listenerId) {
        return true;
    }

    /** Partitions were assigned. */
    default void onPartitionsAssigned(MessageListenerContainer container, Collection<TopicPartition> partitions) {
        onPartitionsAssigned(partitions);
    }

    /** Partitions are given up. */
    default void onPartitionsRevoked(MessageListenerContainer container, Collection<TopicPartition> partitions) {
        onPartitionsRevoked(partitions);
    }

    /** Partitions were lost: others may have them already. */
    default void onPartitionsLost(MessageListenerContainer container, Collection<TopicPartition> partitions) {
        onPartitionsLost(partitions);
    }
}
