package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ObjLongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that a container has, and what happens when they come and go.
 *
 * <p>A partition that goes is taken out of the map first, and whoever took it out sees it off: so the consumer's callback and the container's stop cannot do it
 * both. Whoever comes second waits for the first, because neither may go on before: the group would give the partition to another, or the consumer would be
 * closed, while the listener is at a record. Seeing it off means: begin no more of its records, wait until the listener has finished the one that it is at, commit.
 * Lost partitions have an owner already, who must not be disturbed: nothing is waited for, and nothing committed. If a partition comes back while the listener is
 * still at a record of it, the next one begins when that is over. Thread-safe.
 */
final class Assignment implements ConsumerRebalanceListener {

    private static final Logger logger = LoggerFactory.getLogger(Assignment.class);

    /** What a commit gets at least, and rebalance listeners at the end, when all of the time went to waiting for the listener. */
    private static final Duration LEAST = Duration.ofSeconds(5);

    private final String listenerId;
    private final Duration revocationTimeout;
    private final OffsetCommitter committer;
    private final RebalanceListeners rebalanceListeners;
    private final Observers observers;
    private final Function<TopicPartition, PartitionWork> newWork;
    private final Object lock = new Object();

    /** Changed under the lock, read without. */
    private final Map<TopicPartition, PartitionWork> works = new ConcurrentHashMap<>();

    /** Those that were taken out and are being seen off; guarded by the lock. */
    private final Map<TopicPartition, Leaving> leaving = new HashMap<>();

    /** Those that were dropped while the listener was at a record; guarded by the lock. */
    private final Map<TopicPartition, PartitionWork> unfinished = new TreeMap<>();

    private boolean ended;
    private final AtomicInteger joins = new AtomicInteger();

    /** How often partitions went; guarded by the lock. */
    private int partings;

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

    /** A partition on its way out. */
    private record Leaving(PartitionWork work, CompletableFuture<Void> gone) {}

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (!add(partitions)) {
            return;
        }
        joins.incrementAndGet();
        if (partitions.isEmpty()) {
            return;
        }
        logger.info("Listener '{}' got {}", listenerId, sorted(partitions));
        observers.assigned(partitions);
        rebalanceListeners.assigned(partitions);
    }

    private boolean add(Collection<TopicPartition> partitions) {
        synchronized (lock) {
            if (ended) {
                return false;
            }
            partitions.forEach(partition -> works.computeIfAbsent(partition, this::added));
            return true;
        }
    }

    private PartitionWork added(TopicPartition partition) {
        PartitionWork work = newWork.apply(partition);
        work.comesAfter(partings);
        Leaving left = leaving.get(partition);
        PartitionWork before = left == null ? unfinished.get(partition) : left.work();
        if (before != null) {
            work.follow(before);
        }
        return work;
    }

    /** Remembers what the listener is still at, in case that the partition comes back. */
    private void keepUnfinished(List<PartitionWork> dropped) {
        synchronized (lock) {
            forgetFinished();
            dropped.stream().filter(work -> work.atWork() != null).forEach(work -> unfinished.put(work.partition(), work));
        }
    }

    /** They hold on to records, and the next rebalance may be far. */
    private void forgetFinished() {
        unfinished.values().removeIf(work -> work.atWork() == null);
    }

    /** Changes what new work is made with, and all work that there is, so that what is made in this very moment is not missed. */
    void change(Runnable change, Consumer<PartitionWork> each) {
        synchronized (lock) {
            change.run();
            works.values().forEach(each);
        }
    }

    /** How often the group was joined; each time the consumer is told what it got, even if that is nothing. */
    int joins() {
        return joins.get();
    }

    /** How often partitions went. What comes after that is told from what was there by {@link PartitionWork#partingsBefore()}. */
    int partings() {
        synchronized (lock) {
            return partings;
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        giveUp(partitions, revocationTimeout, (given, deadline) -> rebalanceListeners.revoked(given));
    }

    /**
     * Sees all partitions off in order, those as well that are on their way out, and takes no more.
     *
     * @param limit how long to wait for the listener
     */
    void end(Duration limit) {
        end(limit, LEAST);
    }

    /**
     * {@link #end(Duration)}.
     *
     * @param leastForListeners what rebalance listeners get at least: they are the application's, and one that hangs must not keep it from ending
     */
    void end(Duration limit, Duration leastForListeners) {
        Set<TopicPartition> all;
        synchronized (lock) {
            ended = true;
            all = new HashSet<>(works.keySet());
            all.addAll(leaving.keySet());
        }
        giveUp(all, limit, (given, deadline) -> tellWithin(given, Math.max(deadline, System.nanoTime()) + leastForListeners.toNanos()));
    }

    private void giveUp(Collection<TopicPartition> partitions, Duration limit, ObjLongConsumer<List<TopicPartition>> tell) {
        long deadline = System.nanoTime() + limit.toNanos();
        List<PartitionWork> mine;
        CompletableFuture<Void> gone = new CompletableFuture<>();
        List<CompletableFuture<Void>> others;
        synchronized (lock) {
            others = partitions.stream().map(leaving::get).filter(Objects::nonNull).map(Leaving::gone).distinct().toList();
            mine = take(partitions);
            mine.forEach(work -> leaving.put(work.partition(), new Leaving(work, gone)));
        }
        try {
            if (!mine.isEmpty()) {
                seeOff(mine, deadline, limit, tell);
            }
        } finally {
            synchronized (lock) {
                keepUnfinished(mine);
                mine.forEach(work -> leaving.remove(work.partition()));
            }
            gone.complete(null);
        }
        others.forEach(other -> await(other, deadline + LEAST.toNanos()));
    }

    private void seeOff(List<PartitionWork> gone, long deadline, Duration limit, ObjLongConsumer<List<TopicPartition>> tell) {
        gone.forEach(PartitionWork::end);
        try {
            for (PartitionWork work : gone) {
                if (!work.awaitFinished(deadline)) {
                    logger.warn("Listener '{}' gives up {} although {} is not finished after {} ms; it will be delivered again",
                            listenerId, work, work.firstUnfinished(), limit.toMillis());
                }
            }
            committer.commitNow(gone, Math.max(deadline, System.nanoTime() + LEAST.toNanos()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            logger.warn("Listener '{}' was interrupted while it gave up {}; what is not committed will be delivered again", listenerId, gone);
        }
        gone.forEach(PartitionWork::drop);
        List<TopicPartition> given = gone.stream().map(PartitionWork::partition).toList();
        logger.info("Listener '{}' gave up {}", listenerId, sorted(given));
        tell.accept(given, deadline);
        observers.revoked(given);
    }

    private void tellWithin(List<TopicPartition> given, long deadline) {
        if (rebalanceListeners.isEmpty()) {
            return;
        }
        CompletableFuture<Void> told = CompletableFuture.runAsync(() -> rebalanceListeners.revoked(given), this::runOnThreadOfItsOwn);
        try {
            told.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            logger.warn("Listener '{}' ends although a rebalance listener has not returned since it was told that {} are revoked", listenerId, sorted(given));
        }
    }

    private void runOnThreadOfItsOwn(Runnable task) {
        Thread thread = new Thread(task, listenerId + "-revoked");
        thread.setDaemon(true); // one that hangs does not keep the JVM alive either
        thread.start();
    }

    /** Waits for somebody else who sees partitions off, and who has limits of their own. */
    private void await(CompletableFuture<Void> gone, long deadline) {
        try {
            gone.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            logger.warn("Listener '{}' goes on although partitions that it gives up are not finished; what is not committed will be delivered again",
                    listenerId);
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        lose(partitions);
    }

    /** Takes all partitions for lost, and waits until the listener has finished what it is at. */
    void loseAll(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            for (PartitionWork work : lose(partitions())) {
                if (!work.awaitFinished(deadline)) {
                    logger.warn("Listener '{}' is still at a record of {} after {} ms, and gets no other of it before that is over", listenerId, work, limit.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<PartitionWork> lose(Collection<TopicPartition> partitions) {
        List<PartitionWork> gone;
        synchronized (lock) {
            // Those that are on their way out are lost as well: what they finish is not ours to commit any more.
            partitions.stream().map(leaving::get).filter(Objects::nonNull).map(Leaving::work).forEach(PartitionWork::drop);
            gone = take(partitions);
            gone.forEach(PartitionWork::drop);
            keepUnfinished(gone);
        }
        if (gone.isEmpty()) {
            return gone;
        }
        List<TopicPartition> lost = gone.stream().map(PartitionWork::partition).toList();
        logger.warn("Listener '{}' lost {}: the group has given them to others; what was not committed will be delivered again",
                listenerId, sorted(lost));
        rebalanceListeners.lost(lost);
        observers.lost(lost);
        return gone;
    }

    /** Takes out what is there of them, in the order of topics and partitions: it is the one in which listeners hear of them. */
    private List<PartitionWork> take(Collection<TopicPartition> partitions) {
        partings++;
        return partitions.stream().sorted().map(works::remove).filter(Objects::nonNull).toList();
    }

    private static String sorted(Collection<TopicPartition> partitions) {
        return partitions.stream().sorted().map(TopicPartition::toString).collect(Collectors.joining(", "));
    }

    @Nullable PartitionWork work(TopicPartition partition) {
        return works.get(partition);
    }

    /** All that the listener may be at, those too that are on their way out, or gone. To be called now and then: it forgets those that it is at no more. */
    Collection<PartitionWork> withListener() {
        synchronized (lock) {
            forgetFinished();
            List<PartitionWork> all = new ArrayList<>(works.values());
            leaving.values().forEach(each -> all.add(each.work()));
            all.addAll(unfinished.values());
            return all;
        }
    }

    Collection<PartitionWork> works() {
        return works.values();
    }

    Set<TopicPartition> partitions() {
        return Set.copyOf(works.keySet());
    }
}
