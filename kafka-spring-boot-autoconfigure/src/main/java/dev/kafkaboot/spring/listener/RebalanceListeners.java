package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The application's rebalance listeners of one container; what one throws is logged and does not reach anybody else. */
final class RebalanceListeners {

    private static final Logger logger = LoggerFactory.getLogger(RebalanceListeners.class);

    private final MessageListenerContainer container;
    private final List<ConsumerRebalanceListener> listeners;

    RebalanceListeners(MessageListenerContainer container, List<ConsumerRebalanceListener> listeners) {
        this.container = container;
        this.listeners = listeners.stream()
                .filter(listener -> !(listener instanceof ListenerRebalanceListener chosen) || chosen.appliesTo(container.getListenerId()))
                .toList();
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    void assigned(Collection<TopicPartition> partitions) {
        tell(listener -> {
            if (listener instanceof ListenerRebalanceListener knowing) {
                knowing.onPartitionsAssigned(container, partitions);
            } else {
                listener.onPartitionsAssigned(partitions);
            }
        });
    }

    void revoked(Collection<TopicPartition> partitions) {
        tell(listener -> {
            if (listener instanceof ListenerRebalanceListener knowing) {
                knowing.onPartitionsRevoked(container, partitions);
            } else {
                listener.onPartitionsRevoked(partitions);
            }
        });
    }

    void lost(Collection<TopicPartition> partitions) {
        tell(listener -> {
            if (listener instanceof ListenerRebalanceListener knowing) {
                knowing.onPartitionsLost(container, partitions);
            } else {
                listener.onPartitionsLost(partitions);
            }
        });
    }

    private void tell(Consumer<ConsumerRebalanceListener> call) {
        for (ConsumerRebalanceListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (Throwable failure) { // a user's code, which may throw a checked exception that it does not declare
                Object own = listener instanceof AwaitedRebalanceListener awaited ? awaited.listener() : listener;
                logger.error("The rebalance listener {} failed for listener '{}'", own.getClass().getName(), container.getListenerId(), failure);
            }
        }
    }
}
