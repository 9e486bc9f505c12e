package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.UnreadableBatchException;
import dev.kafkaboot.client.consumer.AcknowledgeType;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container of a share group from one start to the next stop.
 *
 * <p>One thread polls, and hands what a poll returned to workers ({@link WorkerPool}). It asks for more only when workers would have nothing to do, because what it is
 * given is locked, and others could work on it. Between polls it renews the locks of what is not done ({@link ShareWork}), and polls without asking for records, so
 * that neither a slow record nor one that is being tried again costs a lock or the membership in the group.
 *
 * <p>A poll that fails is tried again after a while, for ever. A batch that cannot be read is held meanwhile ({@link HeldBatches}). Only {@link #stop} ends the run.
 */
final class ShareContainerRun implements ShareWork.Consumer {

    private static final Logger logger = LoggerFactory.getLogger(ShareContainerRun.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(10);

    /** As brokers have it by default ({@code group.share.record.lock.duration.ms}); they tell it with the first records. */
    private static final Duration USUAL_LOCK = Duration.ofSeconds(30);

    private final String listenerId;
    private final ContainerProperties properties;
    private final KafkaShareConsumer<byte[], byte[]> consumer;
    private final Observers observers;
    private final ShareWork work;
    private final WorkerPool<ShareDelivery> workers;
    private final PollFailures failures = new PollFailures();
    private final HeldBatches held;
    private final TopicProblems topicProblems;
    private final CompletableFuture<?> startAfter;
    private final CompletableFuture<Void> stopFuture = new CompletableFuture<>();
    private final CountDownLatch pollingEnded = new CountDownLatch(1);
    private volatile boolean pauseRequested;
    private @Nullable String lastLogged;

    /** Makes what hands the run's records to the listener. */
    @FunctionalInterface
    interface RunnerSource {

        ShareRecordRunner newRunner(ShareWork work, ShareRecordRunner.Line line);
    }

    ShareContainerRun(
            String listenerId,
            ContainerProperties properties,
            KafkaShareConsumer<byte[], byte[]> consumer,
            RunnerSource runners,
            Executor executor,
            Observers observers,
            Function<String, @Nullable ErrorCode> errorOfTopic,
            CompletableFuture<?> startAfter) {
        this.listenerId = listenerId;
        this.properties = properties;
        this.consumer = consumer;
        this.observers = observers;
        this.startAfter = startAfter;
        this.topicProblems = new TopicProblems(listenerId, properties.getTopics(), errorOfTopic);
        this.work = new ShareWork(listenerId, properties, this);
        this.held = new HeldBatches(
                listenerId, (partition, offset, type) -> consumer.acknowledge(partition.topic(), partition.partition(), offset, type));
        this.workers = new WorkerPool<>(properties.getConcurrency(), executor, runners.newRunner(work, this::readyAfter));
        consumer.acknowledgementCommitCallback(this::answered);
    }

    private void readyAfter(ShareDelivery delivery, Duration delay) {
        workers.readyAfter(delivery, delay);
    }

    /** Polls until the end. To be run by a thread of its own. */
    void poll() {
        try {
            CompletableFuture.anyOf(startAfter.handle((result, failure) -> null), stopFuture).join();
            consumer.subscribe(properties.getTopics());
            while (!work.hasEnded()) {
                try {
                    topicProblems.look();
                    pollOnce();
                } catch (Throwable failure) {
                    goOnAfter(failure);
                }
            }
        } catch (Throwable failure) {
            ended(failure);
        } finally {
            pollingEnded.countDown();
        }
    }

    private void ended(Throwable failure) {
        if (isStopRequested()) {
            logger.debug("Listener '{}' was stopped before it had begun", listenerId, failure);
            return;
        }
        failures.ended(failure);
        logger.error("Listener '{}' has ended", listenerId, failure);
    }

    private void pollOnce() throws InterruptedException {
        Duration period = renewalPeriod();
        Duration wait = pollWait(period);
        boolean hasRoom = work.awaitRoom(wait);
        if (work.hasEnded()) {
            return;
        }
        work.renew(period);
        held.renew(period);
        ConsumerRecords<byte[], byte[]> records = consumer.poll(hasRoom ? wait : Duration.ZERO); // which sends what was said, and shows that we live
        records.partitions().forEach(partition -> observers.received(partition, records.records(partition).size()));
        held.forget(records);
        work.add(records).forEach(workers::ready);
        failures.wentWell(!records.isEmpty(), /* member= */ true);
    }

    /** A poll that does not wait would not ask any broker. */
    private Duration pollWait(Duration period) {
        Duration wait = properties.getPollTimeout();
        return wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait.compareTo(period) > 0 ? period : wait;
    }

    /** Twice before a lock ends. */
    private Duration renewalPeriod() {
        return consumer.acquisitionLockTimeoutMs().map(Duration::ofMillis).orElse(USUAL_LOCK).dividedBy(3);
    }

    /** Where there is no memory for the poll there may be none to tell of that, for now. */
    private void goOnAfter(Throwable failure) {
        try {
            pollFailed(failure);
        } catch (Throwable again) {
            waitInVain(failure);
        }
    }

    /** Where not even waiting goes well, nothing is asked of anybody, so that the run goes on. */
    private void waitInVain(Throwable failure) {
        try {
            waitAfterFailure(failures.failed(failure));
        } catch (Throwable noMemory) {
            LockSupport.parkNanos(SHORTEST_WAIT.toNanos());
        }
    }

    private void pollFailed(Throwable failure) {
        if (isStopRequested()) {
            logger.debug("Listener '{}' failed while it was being stopped", listenerId, failure);
            return;
        }
        if (failure instanceof UnreadableBatchException unreadable && held.hold(unreadable)) {
            return; // the others go on
        }
        logOnce(failure);
        waitAfterFailure(failures.failed(failure));
    }

    private void waitAfterFailure(Duration wait) {
        Duration period = renewalPeriod();
        try {
            stopFuture.get((wait.compareTo(period) < 0 ? wait : period).toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception over) {
            logger.trace("Listener '{}' goes on polling", listenerId, over);
        }
    }

    private void logOnce(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.equals(lastLogged)) {
            logger.debug("Listener '{}' failed again", listenerId, failure);
        } else {
            lastLogged = message;
            logger.error("Listener '{}' could not poll; trying again until it can", listenerId, failure);
        }
    }

    /** Brokers have answered what was said of records. */
    private void answered(Map<TopicIdPartition, Set<Long>> offsets, @Nullable KafkaException failure) {
        if (failure == null) {
            offsets.forEach((partition, taken) -> observers.acknowledged(partition.topicPartition(), taken.size()));
            return;
        }
        observers.commitFailed(failure);
        offsets.forEach((partition, lost) -> logger.warn("Listener '{}': what it said of {} records of {} was not taken, and somebody gets them again: {}",
                listenerId, lost.size(), partition.topicPartition(), failure.getMessage()));
        offsets.forEach((partition, notTaken) -> {
            work.notTaken(partition.topicPartition(), notTaken);
            held.notTaken(partition.topicPartition(), notTaken);
        });
    }

    @Override
    public void acknowledge(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
        consumer.acknowledge(record, type);
    }

    @Override
    public void send() {
        try {
            consumer.commitAsync();
        } catch (KafkaException closed) {
            logger.debug("Listener '{}' has nobody any more to tell of its records", listenerId, closed);
        }
    }

    /**
     * Finishes what the listener is at, leaves the rest to others, and leaves the group.
     *
     * @param limit how long to wait for the listener
     */
    void stop(Duration limit) {
        stopFuture.complete(null);
        work.stop();
        try {
            if (!work.awaitFinished(limit)) {
                logger.warn("Listener '{}' has not finished {} records within {} ms, so somebody gets them again", listenerId, work.inFlight(), limit.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            work.end();
            close();
        }
        try {
            if (!pollingEnded.await(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                logger.warn("The polling of listener '{}' has not ended {} s after its consumer was closed", listenerId, CLOSE_LIMIT.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void close() {
        try {
            consumer.close(CLOSE_LIMIT);
        } catch (RuntimeException e) {
            logger.warn("The consumer of listener '{}' could not be closed", listenerId, e);
        }
    }

    private boolean isStopRequested() {
        return stopFuture.isDone();
    }

    void requestPause(boolean pause) {
        pauseRequested = pause;
        if (pause) {
            workers.pause();
        }
        work.pause(pause);
        if (!pause) {
            workers.resume();
        }
    }

    boolean isPaused() {
        return pauseRequested && work.isPaused();
    }

    boolean isWorker() {
        return workers.isWorker();
    }

    boolean doesItsWork() {
        return !failures.areMany() && held.failure() == null && !topicProblems.isOneForGood();
    }

    @Nullable Throwable lastError() {
        Throwable poll = failures.last();
        return poll != null ? poll : held.failure();
    }

    Map<String, String> topicProblems() {
        return topicProblems.reasons();
    }

    int inFlight() {
        return work.inFlight();
    }
}
