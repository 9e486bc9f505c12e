package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that a container has, and what happens when they come and go.
 *
 * <p>A partition that goes is taken out of the map first, and whoever took it out sees it off: so the consumer's callback and the container's stop cannot do it
 * both. Seeing it off means: begin no more of its records, wait until the listener has finished the one that it is at, commit. Lost partitions have an
 * owner already, who must not be disturbed: nothing is waited for, and nothing committed. Thread-safe.
 */
final class Assignment implements ConsumerRebalanceListener {

    private static final Logger logger = LoggerFactory.getLogger(Assignment.class);

    /** What a commit gets at least, when all of the time went to waiting for the listener. */
    private static final Duration LEAST_FOR_COMMIT = Duration.ofSeconds(5);

    private final String listenerId;
    private final Duration revocationTimeout;
    private final OffsetCommitter committer;
    private final RebalanceListeners rebalanceListeners;
    private final Observers observers;
    private final Function<TopicPartition, PartitionWork> newWork;
    private final Map<TopicPartition, PartitionWork> works = new ConcurrentHashMap<>();
    private final AtomicInteger joins = new AtomicInteger();

    Assignment(
            String listenerId,
            Duration revocationTimeout,
            OffsetCommitter committer,
            RebalanceListeners rebalanceListeners,
            Observers observers,
            Function<TopicPartition, PartitionWork> newWork) {
        this.listenerId = listenerId;
        this.revocationTimeout = revocationTimeout;
        this.committer = committer;
        this.rebalanceListeners = rebalanceListeners;
        this.observers = observers;
        this.newWork = newWork;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        partitions.forEach(this::add);
        joins.incrementAndGet();
        if (partitions.isEmpty()) {
            return;
        }
        logger.info("Listener '{}' got {}", listenerId, sorted(partitions));
        observers.assigned(partitions);
        rebalanceListeners.assigned(partitions);
    }

    private void add(TopicPartition partition) {
        works.computeIfAbsent(partition, newWork);
    }

    /** How often the group was joined; each time the consumer is told what it got, even if that is nothing. */
    int joins() {
        return joins.get();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        giveUp(partitions, revocationTimeout);
    }

    /** Sees partitions off in order. Those that are not here are not looked at. */
    void giveUp(Collection<TopicPartition> partitions, Duration limit) {
        List<PartitionWork> gone = take(partitions);
        if (gone.isEmpty()) {
            return;
        }
        long deadline = System.nanoTime() + limit.toNanos();
        gone.forEach(PartitionWork::end);
        try {
            for (PartitionWork work : gone) {
                if (!work.awaitFinished(deadline)) {
                    logger.warn("Listener '{}' gives up {} although {} is not finished after {} ms; it will be delivered again",
                            listenerId, work, work.firstUnfinished(), limit.toMillis());
                }
            }
            committer.commitNow(gone, Math.max(deadline, System.nanoTime() + LEAST_FOR_COMMIT.toNanos()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            logger.warn("Listener '{}' was interrupted while it gave up {}; what is not committed will be delivered again", listenerId, gone);
        }
        gone.forEach(PartitionWork::drop);
        List<TopicPartition> given = gone.stream().map(PartitionWork::partition).toList();
        logger.info("Listener '{}' gave up {}", listenerId, sorted(given));
        rebalanceListeners.revoked(given);
        observers.revoked(given);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        List<PartitionWork> gone = take(partitions);
        if (gone.isEmpty()) {
            return;
        }
        gone.forEach(PartitionWork::drop);
        List<TopicPartition> lost = gone.stream().map(PartitionWork::partition).toList();
        logger.warn("Listener '{}' lost {}: the group has given them to others; what was not committed will be delivered again",
                listenerId, sorted(lost));
        rebalanceListeners.lost(lost);
        observers.lost(lost);
    }

    private List<PartitionWork> take(Collection<TopicPartition> partitions) {
        List<PartitionWork> taken = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            PartitionWork work = works.remove(partition);
            if (work != null) {
                taken.add(work);
            }
        }
        return taken;
    }

    private static String sorted(Collection<TopicPartition> partitions) {
        return partitions.stream().sorted().map(TopicPartition::toString).collect(Collectors.joining(", "));
    }

    @Nullable PartitionWork work(TopicPartition partition) {
        return works.get(partition);
    }

    Collection<PartitionWork> works() {
        return works.values();
    }

    Set<TopicPartition> partitions() {
        return Set.copyOf(works.keySet());
    }
}
