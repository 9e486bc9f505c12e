package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what partitions have done.
 *
 * <p>One commit is under way at a time; what is done meanwhile goes with the next, so a listener that commits after every record makes no more requests than
 * the broker answers. A commit that failed is tried again, with what was done since, for as long as the partition is this container's. Thread-safe.
 */
final class OffsetCommitter {

    /** Hears of commits. */
    interface Outcome {

        void committed(Map<TopicPartition, OffsetAndMetadata> offsets);

        void failed(Throwable cause);
    }

    private static final Logger logger = LoggerFactory.getLogger(OffsetCommitter.class);
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final long LONGEST_WAIT_MILLIS = 1_000;
    private static final int LOG_EVERY = 30;

    /** With the waits between them: some seven seconds, and what the commits themselves took. */
    private static final int TOLERATED_FAILURES = 10;

    private final String listenerId;
    private final Function<Map<TopicPartition, OffsetAndMetadata>, CompletableFuture<Void>> commit;
    private final Outcome outcome;
    private final Later later;
    private final Object lock = new Object();
    private final Set<PartitionWork> due = new LinkedHashSet<>();

    /** Those whose last commit is being made by {@link #commitNow}, and by nobody else: one that is less must not come after it. */
    private final Set<PartitionWork> leaving = new LinkedHashSet<>();

    private @Nullable CompletableFuture<?> underWay;
    private boolean waits;
    private int failures;
    private @Nullable Throwable lastFailure;

    OffsetCommitter(
            String listenerId, Function<Map<TopicPartition, OffsetAndMetadata>, CompletableFuture<Void>> commit, Outcome outcome) {
        this(listenerId, commit, outcome, new Later());
    }

    OffsetCommitter(
            String listenerId, Function<Map<TopicPartition, OffsetAndMetadata>, CompletableFuture<Void>> commit, Outcome outcome, Later later) {
        this.listenerId = listenerId;
        this.commit = commit;
        this.outcome = outcome;
        this.later = later;
    }

    /** Commits what is due of a partition, soon. */
    void request(PartitionWork work) {
        if (work.commitDue() == null) {
            return;
        }
        synchronized (lock) {
            if (leaving.contains(work)) {
                return;
            }
            due.add(work);
        }
        sendIfIdle();
    }

    private void sendIfIdle() {
        Map<PartitionWork, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (lock) {
            if (underWay != null || waits) {
                return;
            }
            for (PartitionWork work : due) {
                OffsetAndMetadata offset = work.commitDue();
                if (offset != null) {
                    offsets.put(work, offset);
                }
            }
            due.clear();
            if (offsets.isEmpty()) {
                nothingOwed();
                return;
            }
            underWay = done;
        }
        send(offsets).whenComplete((nothing, failure) -> {
            synchronized (lock) {
                underWay = null;
            }
            if (failure == null) {
                succeeded(offsets);
            } else {
                failed(offsets, failure);
            }
            done.complete(null);
            sendIfIdle();
        });
    }

    private CompletableFuture<Void> send(Map<PartitionWork, OffsetAndMetadata> offsets) {
        try {
            return commit.apply(byPartition(offsets));
        } catch (RuntimeException | Error refused) { // whatever it is, the next commit must not wait for this one for ever
            return CompletableFuture.failedFuture(refused);
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> byPartition(Map<PartitionWork, OffsetAndMetadata> offsets) {
        Map<TopicPartition, OffsetAndMetadata> byPartition = new LinkedHashMap<>();
        offsets.forEach((work, offset) -> byPartition.put(work.partition(), offset));
        return byPartition;
    }

    private void succeeded(Map<PartitionWork, OffsetAndMetadata> offsets) {
        synchronized (lock) {
            nothingOwed();
        }
        offsets.forEach((work, offset) -> work.committed(offset.offset()));
        outcome.committed(byPartition(offsets));
    }

    private void failed(Map<PartitionWork, OffsetAndMetadata> offsets, Throwable failure) {
        Throwable cause = causeOf(failure);
        outcome.failed(cause);
        List<PartitionWork> left = leftOf(offsets.keySet());
        if (left.isEmpty()) {
            logger.debug("Listener '{}' could not commit partitions that it has no more", listenerId, cause);
            synchronized (lock) {
                nothingOwed();
            }
            return;
        }
        long wait;
        synchronized (lock) {
            left.stream().filter(work -> !leaving.contains(work)).forEach(due::add); // some may have begun to leave in this moment
            waits = true;
            lastFailure = cause;
            wait = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(failures, 10));
            if (failures++ % LOG_EVERY == 0) {
                logger.warn("Listener '{}' could not commit {}; trying again: {}", listenerId, byPartition(offsets), cause.toString());
            }
        }
        later.run(Duration.ofMillis(wait), () -> {
            synchronized (lock) {
                waits = false;
            }
            sendIfIdle();
        });
    }

    private List<PartitionWork> leftOf(Collection<PartitionWork> works) {
        synchronized (lock) {
            return works.stream().filter(work -> !work.isDropped() && !leaving.contains(work)).toList();
        }
    }

    /** No commit of a partition that is still this container's has failed and was not made since. */
    private void nothingOwed() {
        failures = 0;
        lastFailure = null;
    }

    /** Why the last commit failed, until one succeeds or there is nothing left to commit; else null. */
    @Nullable Throwable lastFailure() {
        synchronized (lock) {
            return lastFailure;
        }
    }

    /** Whether commits have failed so often in a row that this is more than an incident, such as a coordinator that moves. */
    boolean hasFailedOften() {
        synchronized (lock) {
            return failures >= TOLERATED_FAILURES;
        }
    }

    /**
     * Commits everything that partitions have done, and waits for it; for partitions that are about to be given up.
     *
     * @param deadline by {@link System#nanoTime()}
     * @return whether all is committed
     */
    boolean commitNow(Collection<PartitionWork> works, long deadline) throws InterruptedException {
        CompletableFuture<?> before;
        synchronized (lock) {
            due.removeAll(works);
            leaving.addAll(works);
            before = underWay;
        }
        try {
            if (before != null) {
                await(before, deadline);
            }
            return commitLast(works, deadline);
        } finally {
            synchronized (lock) {
                leaving.removeAll(works);
            }
        }
    }

    private boolean commitLast(Collection<PartitionWork> works, long deadline) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            Map<PartitionWork, OffsetAndMetadata> offsets = new LinkedHashMap<>();
            for (PartitionWork work : works) {
                OffsetAndMetadata offset = work.committable();
                if (offset != null) {
                    offsets.put(work, offset);
                }
            }
            if (offsets.isEmpty()) {
                return true;
            }
            Throwable failure = await(send(offsets), deadline);
            if (failure == null) {
                succeeded(offsets);
                return true;
            }
            outcome.failed(failure);
            boolean retriable = failure instanceof KafkaException known && known.isRetriable();
            if (!retriable || deadline - System.nanoTime() <= 0) {
                logger.warn("Listener '{}' could not commit {}; these records will be delivered again: {}",
                        listenerId, byPartition(offsets), failure.toString());
                return false;
            }
            Thread.sleep(Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(attempt, 10)));
        }
    }

    private static @Nullable Throwable await(CompletableFuture<?> future, long deadline) throws InterruptedException {
        try {
            future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return null;
        } catch (ExecutionException failed) {
            return causeOf(failed);
        } catch (java.util.concurrent.TimeoutException e) {
            return new dev.kafkaboot.client.TimeoutException("No answer to the commit in time");
        }
    }

    private static Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return (failure instanceof CompletionException || failure instanceof ExecutionException) && cause != null ? cause : failure;
    }
}
