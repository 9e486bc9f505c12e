package dev.kafkaboot.autoconfigure.metrics;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.spring.listener.ListenerObserver;
import dev.kafkaboot.spring.listener.MessageListenerContainer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the listeners, by listener; the lag also by partition, as long as the partition is this application's. A listener that was stopped keeps its meters,
 * because it may go on; one that was unregistered has them until it has stopped, or another one has its id. Thread-safe.
 */
final class ListenerMetrics implements ListenerObserver {

    private final MeterRegistry registry;
    private final Map<MessageListenerContainer, ListenerMeters> meters = new ConcurrentHashMap<>();
    private final Set<MessageListenerContainer> unregistered = ConcurrentHashMap.newKeySet();

    /** Those that have stopped after they were unregistered. The method of one may be at a record still. */
    private final Set<MessageListenerContainer> forgotten = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    ListenerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void started(MessageListenerContainer container) {
        forgotten.remove(container);
        of(container);
    }

    @Override
    public void stopped(MessageListenerContainer container) {
        of(container).removeAllLags();
        if (unregistered.contains(container)) {
            forget(container);
        }
    }

    @Override
    public void unregistered(MessageListenerContainer container) {
        unregistered.add(container);
        if (!container.isRunning()) {
            forget(container);
        }
    }

    private void forget(MessageListenerContainer container) {
        forgotten.add(container); // before: what comes meanwhile is either removed here, or not registered
        unregistered.remove(container);
        ListenerMeters last = meters.remove(container);
        if (last != null) {
            last.removeAll();
        }
    }

    @Override
    public void received(MessageListenerContainer container, TopicPartition partition, int records) {
        of(container).received.increment(records);
    }

    @Override
    public void processed(MessageListenerContainer container, TopicPartition partition, long nanos) {
        of(container).succeeded.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void failed(MessageListenerContainer container, TopicPartition partition, Throwable cause, int attempt, long nanos) {
        of(container).failed.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void retried(MessageListenerContainer container, TopicPartition partition, int attempt) {
        of(container).retried.increment();
    }

    @Override
    public void skipped(MessageListenerContainer container, TopicPartition partition, long offset, Throwable cause) {
        of(container).skipped.increment();
    }

    @Override
    public void committed(MessageListenerContainer container, Map<TopicPartition, OffsetAndMetadata> offsets) {
        of(container).committed.increment();
    }

    @Override
    public void acknowledged(MessageListenerContainer container, TopicPartition partition, int records) {
        of(container).committed.increment();
    }

    @Override
    public void commitFailed(MessageListenerContainer container, Throwable cause) {
        of(container).commitFailed.increment();
    }

    @Override
    public void assigned(MessageListenerContainer container, Collection<TopicPartition> partitions) {
        ListenerMeters listener = of(container);
        listener.rebalances.increment();
        listener.addLags(partitions);
    }

    @Override
    public void revoked(MessageListenerContainer container, Collection<TopicPartition> partitions) {
        of(container).removeLags(partitions);
    }

    @Override
    public void lost(MessageListenerContainer container, Collection<TopicPartition> partitions) {
        of(container).removeLags(partitions);
    }

    private ListenerMeters of(MessageListenerContainer container) {
        ListenerMeters known = meters.get(container);
        if (known == null) {
            known = meters.computeIfAbsent(container, this::begin);
        }
        return known != null ? known : new ListenerMeters(new CompositeMeterRegistry(), container); // which hands on to none
    }

    /** Meters are known by the listener's id, so those of a namesake that is about to stop must be gone first. */
    private @Nullable ListenerMeters begin(MessageListenerContainer container) {
        if (forgotten.contains(container)) {
            return null;
        }
        for (MessageListenerContainer old : unregistered) {
            ListenerMeters last = meters.get(old);
            if (last != null && old.getListenerId().equals(container.getListenerId())) {
                last.removeAll();
            }
        }
        return new ListenerMeters(registry, container);
    }
}
