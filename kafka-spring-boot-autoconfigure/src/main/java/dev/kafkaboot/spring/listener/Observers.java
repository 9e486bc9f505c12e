package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all observers of one container; what one throws is logged and does not reach anybody else. */
final class Observers {

    private static final Logger logger = LoggerFactory.getLogger(Observers.class);

    private final MessageListenerContainer container;
    private final List<ListenerObserver> observers;

    Observers(MessageListenerContainer container, List<ListenerObserver> observers) {
        this.container = container;
        this.observers = List.copyOf(observers);
    }

    private void tell(Consumer<ListenerObserver> call) {
        for (ListenerObserver observer : observers) {
            try {
                call.accept(observer);
            } catch (RuntimeException | Error failure) {
                logger.warn("{} failed for {}", observer.getClass().getName(), container, failure);
            }
        }
    }

    void started() {
        tell(observer -> observer.started(container));
    }

    void stopped() {
        tell(observer -> observer.stopped(container));
    }

    void unregistered() {
        tell(observer -> observer.unregistered(container));
    }

    void received(TopicPartition partition, int records) {
        tell(observer -> observer.received(container, partition, records));
    }

    void processed(TopicPartition partition, long nanos) {
        tell(observer -> observer.processed(container, partition, nanos));
    }

    void failed(TopicPartition partition, Throwable cause, int attempt, long nanos) {
        tell(observer -> observer.failed(container, partition, cause, attempt, nanos));
    }

    void retried(TopicPartition partition, int attempt) {
        tell(observer -> observer.retried(container, partition, attempt));
    }

    void skipped(TopicPartition partition, long offset, Throwable cause) {
        tell(observer -> observer.skipped(container, partition, offset, cause));
    }

    void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        tell(observer -> observer.committed(container, offsets));
    }

    void acknowledged(TopicPartition partition, int records) {
        tell(observer -> observer.acknowledged(container, partition, records));
    }

    void commitFailed(Throwable cause) {
        tell(observer -> observer.commitFailed(container, cause));
    }

    void assigned(Collection<TopicPartition> partitions) {
        tell(observer -> observer.assigned(container, partitions));
    }

    void revoked(Collection<TopicPartition> partitions) {
        tell(observer -> observer.revoked(container, partitions));
    }

    void lost(Collection<TopicPartition> partitions) {
        tell(observer -> observer.lost(container, partitions));
    }
}
