package dev.kafkaboot.autoconfigure.metrics;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.spring.listener.MessageListenerContainer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The meters of one listener. Once they are removed, nothing of them comes back. Thread-safe. */
final class ListenerMeters {

    private final MeterRegistry registry;
    private final MessageListenerContainer container;
    private final Tags tags;
    private final List<Meter> all = new ArrayList<>();
    private final Map<TopicPartition, Meter> lags = new HashMap<>();
    private boolean removed;

    final Counter received;
    final Timer succeeded;
    final Timer failed;
    final Counter retried;
    final Counter skipped;
    final Counter committed;
    final Counter commitFailed;
    final Counter rebalances;

    ListenerMeters(MeterRegistry registry, MessageListenerContainer container) {
        this.registry = registry;
        this.container = container;
        this.tags = Tags.of("listener", container.getListenerId());
        received = counter("kafka.listener.received", "Records that came from the broker", tags);
        succeeded = timer("success");
        failed = timer("failure");
        retried = counter("kafka.listener.retries", "Further attempts at records that failed", tags);
        skipped = counter("kafka.listener.skipped", "Records that were given up", tags);
        committed = counter("kafka.listener.commits", "Commits of offsets", tags.and("result", "success"));
        commitFailed = counter("kafka.listener.commits", "Commits of offsets", tags.and("result", "failure"));
        rebalances = counter("kafka.listener.assignments", "How often partitions were given to the listener", tags);
        kept(Gauge.builder("kafka.listener.inflight", container, MessageListenerContainer::getInFlight)
                .description("Records taken from the broker that are not done").tags(tags).register(registry));
        kept(Gauge.builder("kafka.listener.partitions", container, each -> each.getAssignedPartitions().size())
                .description("Partitions that the listener has").tags(tags).register(registry));
    }

    private Counter counter(String name, String description, Tags tags) {
        return kept(Counter.builder(name).description(description).tags(tags).register(registry));
    }

    private <M extends Meter> M kept(M meter) {
        all.add(meter);
        return meter;
    }

    private Timer timer(String result) {
        return kept(Timer.builder("kafka.listener.processing").description("Attempts at records, and how long they take")
                .tags(tags.and("result", result)).register(registry));
    }

    synchronized void addLags(Collection<TopicPartition> partitions) {
        if (!removed) {
            partitions.forEach(partition -> lags.computeIfAbsent(partition, this::lag));
        }
    }

    synchronized void removeLags(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> {
            Meter lag = lags.remove(partition);
            if (lag != null) {
                registry.remove(lag);
            }
        });
    }

    synchronized void removeAllLags() {
        removeLags(List.copyOf(lags.keySet()));
    }

    synchronized void removeAll() {
        removeAllLags();
        if (!removed) {
            removed = true;
            all.forEach(registry::remove);
        }
    }

    private Meter lag(TopicPartition partition) {
        return Gauge.builder("kafka.listener.lag", container, each -> lagOf(each, partition))
                .description("Records of the partition that are not done")
                .tags(tags.and("topic", partition.topic(), "partition", String.valueOf(partition.partition())))
                .register(registry);
    }

    /** Not a number while nothing is known. */
    private static double lagOf(MessageListenerContainer container, TopicPartition partition) {
        OptionalLong lag = container.getLag(partition);
        return lag.isPresent() ? lag.getAsLong() : Double.NaN;
    }
}
