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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
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
final class ShareContainerRun implements ListenerRun, PollLoop.Steps, ShareWork.Consumer {

    private static final Logger logger = LoggerFactory.getLogger(ShareContainerRun.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /** As brokers have it by default ({@code group.share.record.lock.duration.ms}); they tell it with the first records. */
    private static final Duration USUAL_LOCK = Duration.ofSeconds(30);

    private final String listenerId;
    private final ContainerProperties properties;
    private final KafkaShareConsumer<byte[], byte[]> consumer;
    private final Observers observers;
    private final ShareWork work;
    private final WorkerPool<ShareDelivery> workers;
    private final PollLoop loop;
    private final JoinWatch joins;
    private final LongRecords longRecords;
    private final HeldBatches held;
    private final TopicProblems topicProblems;
    private volatile boolean pauseRequested;

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
            JoinWatch joins,
            Duration maxPollInterval,
            CompletableFuture<?> startAfter) {
        this.listenerId = listenerId;
        this.properties = properties;
        this.consumer = consumer;
        this.observers = observers;
        this.topicProblems = new TopicProblems(listenerId, properties.getTopics(), errorOfTopic);
        this.work = new ShareWork(listenerId, properties, this);
        this.held = new HeldBatches(
                listenerId, (partition, offset, type) -> consumer.acknowledge(partition.topic(), partition.partition(), offset, type));
        this.workers = new WorkerPool<>(properties.getConcurrency(), executor, runners.newRunner(work, this::readyAfter));
        this.joins = joins;
        this.longRecords = new LongRecords(listenerId, maxPollInterval, work::atWork);
        this.loop = new PollLoop(listenerId, properties, startAfter, joins, this);
        consumer.acknowledgementCommitCallback(this::answered);
    }

    private void readyAfter(ShareDelivery delivery, Duration delay) {
        workers.readyAfter(delivery, delay);
    }

    @Override
    public void poll() {
        loop.run();
    }

    @Override
    public void subscribe() {
        consumer.subscribe(properties.getTopics());
        joins.onPartitionsAssigned(List.of()); // it does not tell when it has got in, so it is not waited for
    }

    /** Not yet when the stop is requested: polls send what is said of the last records. */
    @Override
    public boolean hasEnded() {
        return work.hasEnded();
    }

    @Override
    public void pollOnce() throws InterruptedException {
        longRecords.look();
        topicProblems.look();
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
        loop.failures().wentWell(!records.isEmpty(), /* member= */ true);
    }

    private Duration pollWait(Duration period) {
        Duration wait = loop.pollTimeout();
        return wait.compareTo(period) > 0 ? period : wait;
    }

    /** Then there are locks to renew. */
    @Override
    public Duration longestWait() {
        return renewalPeriod();
    }

    /** Twice before a lock ends. */
    private Duration renewalPeriod() {
        return consumer.acquisitionLockTimeoutMs().map(Duration::ofMillis).orElse(USUAL_LOCK).dividedBy(3);
    }

    @Override
    public void pollFailed(Throwable failure) {
        if (failure instanceof UnreadableBatchException unreadable && held.hold(unreadable)) {
            return; // the others go on
        }
        loop.waitAfterFailure(loop.counted(failure));
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

    @Override
    public void stop(Duration limit) {
        loop.requestStop();
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
        loop.awaitEnd(CLOSE_LIMIT);
    }

    private void close() {
        try {
            consumer.close(CLOSE_LIMIT);
        } catch (RuntimeException e) {
            logger.warn("The consumer of listener '{}' could not be closed", listenerId, e);
        }
    }

    @Override
    public void requestPause(boolean pause) {
        pauseRequested = pause;
        if (pause) {
            workers.pause();
        }
        work.pause(pause);
        if (!pause) {
            workers.resume();
        }
    }

    @Override
    public boolean isPaused() {
        return pauseRequested && work.isPaused();
    }

    @Override
    public boolean isWorker() {
        return workers.isWorker();
    }

    @Override
    public boolean doesItsWork() {
        return !loop.failures().areMany() && held.failure() == null && !topicProblems.isOneForGood() && !joins.isOutsideTooLong(System.nanoTime());
    }

    @Override
    public @Nullable Throwable lastError() {
        Throwable poll = loop.failures().last();
        Throwable batch = held.failure();
        return poll != null ? poll : batch != null ? batch : joins.problem(System.nanoTime());
    }

    @Override
    public Map<String, String> topicProblems() {
        return topicProblems.reasons();
    }

    @Override
    public Map<String, String> longRecords() {
        return longRecords.details();
    }

    @Override
    public int inFlight() {
        return work.inFlight();
    }
}
