package dev.kafkaboot.spring.listener;

import static java.util.Objects.requireNonNull;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerConfig;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container from one start to the next stop.
 *
 * <p>One thread polls. It hands what a poll returned to the {@link PartitionWork} of each partition and polls again, whatever the listener does, so that
 * neither a slow record nor one that is being tried again ever costs the membership in the group. Workers take the records from there
 * ({@link WorkerPool}), and commits run in the background ({@link OffsetCommitter}).
 *
 * <p>A poll that fails is tried again after a while, for ever. A partition that cannot be read is held meanwhile ({@link HeldPartitions}) and never skipped. A
 * consumer that has left its group for good is made to join again, and one that is of no more use is replaced. {@link PollFailures} says when the listener
 * counts as well again. Only {@link #stop} ends the run. But a static member in whose place another of its name came stays out of the group, until the container is
 * started again: it would put that one out in turn, for ever.
 */
final class ContainerRun implements ListenerRun, PollLoop.Steps, PartitionWork.Flow, PartitionWork.Events, RecordRunner.Container, OffsetCommitter.Outcome {

    /** What makes the parts of a run. */
    interface Parts {

        PolledConsumer newConsumer();

        RecordRunner newRunner(Supplier<KafkaConsumer<?, ?>> consumer, RecordRunner.Container container);

        /** What the cluster says of a topic: NONE, an error, or null if nothing is known. */
        @Nullable ErrorCode errorOf(String topic);

        /** {@code max.poll.interval.ms}: so long may a rebalance take, and what the listener is at before it counts as one that hangs. */
        default Duration maxPollInterval() {
            return requireNonNull(ConsumerConfig.MAX_POLL_INTERVAL.defaultValue());
        }

        /** So long may it take to get into the group until it is told. */
        default Duration patience() {
            return JoinWatch.PATIENCE;
        }

        /** Whether the consumer's rebalance listener hears of the end of each rebalance, as in a classic group, even if the consumer gets nothing. */
        default boolean hearsOfEachRebalance() {
            return true;
        }
    }

    private static final Logger logger = LoggerFactory.getLogger(ContainerRun.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /** How often it is looked at what the listener is at, when nothing is polled. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final String listenerId;
    private final ContainerProperties properties;
    private final Parts parts;
    private final Observers observers;
    private final WorkerPool<PartitionWork> workers;
    private final OffsetCommitter committer;
    private final Assignment assignment;
    private final PollLoop loop;
    private final HeldPartitions held = new HeldPartitions();
    private final TopicProblems topicProblems;
    private final JoinWatch joins;
    private final LongRecords longRecords;
    private final Object consumerLock = new Object();
    private volatile PolledConsumer consumer;

    /** Whether the stop has closed the last consumer; guarded by the lock. */
    private boolean consumersEnded;

    private volatile boolean pauseRequested;

    /** That another came in this one's place in the group, by the same name; null if none did. */
    private volatile @Nullable Throwable fenced;

    /** How often the group had been joined when a poll failed last. */
    private int joinsAtFailure;

    ContainerRun(
            String listenerId,
            ContainerProperties properties,
            Parts parts,
            Executor executor,
            RebalanceListeners rebalanceListeners,
            Observers observers,
            CompletableFuture<?> startAfter) {
        this.listenerId = listenerId;
        this.properties = properties;
        this.parts = parts;
        this.observers = observers;
        this.consumer = parts.newConsumer();
        this.topicProblems = new TopicProblems(listenerId, properties.getTopics(), parts::errorOf);
        this.committer = new OffsetCommitter(listenerId, offsets -> consumer.commitAsync(offsets), this);
        this.workers = new WorkerPool<>(properties.getConcurrency(), executor, parts.newRunner(() -> consumer.itself(), this));
        this.assignment = new Assignment(
                listenerId, properties.getRevocationTimeout(), committer, rebalanceListeners, observers, this::newWork);
        this.joins = new JoinWatch(listenerId, parts.maxPollInterval(), parts.patience(), parts.hearsOfEachRebalance(), assignment);
        this.longRecords = new LongRecords(listenerId, parts.maxPollInterval(), this::atWork);
        this.loop = new PollLoop(listenerId, properties, startAfter, joins, this);
    }

    private PartitionWork newWork(TopicPartition partition) {
        PartitionWork work = new PartitionWork(partition, properties, this, this);
        if (pauseRequested) {
            work.requestPause(true);
        }
        return work;
    }

    private List<AtWork> atWork() {
        List<AtWork> all = new ArrayList<>();
        for (PartitionWork work : assignment.withListener()) {
            AtWork one = work.atWork();
            if (one != null) {
                all.add(one);
            }
        }
        return all;
    }

    @Override
    public void poll() {
        loop.run();
    }

    @Override
    public void subscribe() {
        consumer.subscribe(properties.getTopics(), joins);
    }

    @Override
    public boolean hasEnded() {
        return loop.isStopRequested();
    }

    @Override
    public void pollOnce() {
        longRecords.look();
        if (fenced != null) {
            loop.waitAfterFailure(LOOK); // a consumer that polled would join the group as soon as the other is away for a moment
            return;
        }
        topicProblems.look();
        joins.look(System.nanoTime());
        held.letGoWhatIsDue(assignment::partitions).forEach(partition -> holdAtConsumer(partition, false));
        int gone = assignment.partings();
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = consumer.poll(loop.pollTimeout());
        } catch (RecordDeserializationException unreadable) {
            handOut(unreadable, gone);
            return;
        }
        handOut(records, gone);
        loop.failures().wentWell(!records.isEmpty(), /* member= */ !assignment.partitions().isEmpty() || assignment.joins() != joinsAtFailure);
    }

    /**
     * Hands out what a poll returned.
     *
     * @param gone how often partitions had gone when the poll began
     */
    private void handOut(ConsumerRecords<byte[], byte[]> records, int gone) {
        held.forget(records.partitions());
        for (TopicPartition partition : records.partitions()) {
            PartitionWork work = assignment.work(partition);
            if (work != null && (!cameBackSince(gone, work) || isAt(records.records(partition)))) {
                observers.received(partition, records.records(partition).size());
                work.add(records.records(partition));
            }
        }
    }

    /**
     * Whether what a poll tells of a partition may be of an assignment before. 1. A poll takes records, and is held up in an interceptor or an observer. 2. The partition
     * is lost, for which nobody waits, and comes back: it is read from the committed offset again. 3. The poll goes on with records behind that. To commit them would
     * pass over those before, and they come again. A partition that was not away has its records in any case, wherever its position is by now: to leave them out would
     * pass over them.
     */
    private static boolean cameBackSince(int gone, PartitionWork work) {
        return work.partingsBefore() > gone;
    }

    /** Whether the position is behind records, as it is when they are those of the assignment that there is. */
    private boolean isAt(List<ConsumerRecord<byte[], byte[]>> records) {
        ConsumerRecord<byte[], byte[]> last = records.get(records.size() - 1);
        OptionalLong position = consumer.position(last.topicPartition());
        boolean isAt = position.isPresent() && position.getAsLong() > last.offset();
        if (!isAt) {
            logger.debug("Listener '{}' leaves out {} records up to {}@{}, which were read before the partition came back", listenerId, records.size(),
                    last.topicPartition(), last.offset());
        }
        return isAt;
    }

    /** One record that cannot be read takes its turn among the others, and fails when it comes to it. If it is still there, the next poll tells it again. */
    private void handOut(RecordDeserializationException unreadable, int gone) {
        TopicPartition partition = unreadable.topicPartition();
        PartitionWork work = assignment.work(partition);
        if (work != null && !cameBackSince(gone, work)) {
            onAssigned(partition, () -> {
                consumer.seek(partition, unreadable.offset() + 1);
                work.addUnreadable(unreadable);
            });
        }
    }

    @Override
    public void pollFailed(Throwable failure) {
        if (staysOut(failure)) {
            loop.waitAfterFailure(loop.failures().failed(failure));
            return;
        }
        Set<TopicPartition> concerned = HeldPartitions.concernedBy(failure);
        if (hold(concerned, failure)) {
            return;
        }
        if (isOfNoMoreUse(failure)) {
            loop.waitAfterFailure(counted(failure));
            replaceConsumer();
            return;
        }
        // What is wrong with one partition, or one topic, is told by each poll; what there is of the others is to be had in between.
        takeWhatIsThere();
        if (concerned.isEmpty()) {
            loop.waitAfterFailure(counted(failure));
            if (!isRetriable(failure) && !(failure instanceof AuthenticationException)) { // a consumer that is not let in tries again by itself
                subscribeAgain();
            }
        } else {
            loop.waitAfterFailure(PollFailures.waitAfter(1));
        }
    }

    /** Whether another has its place in the group: KIP-345 fences members so that the older one ends. */
    private boolean staysOut(Throwable failure) {
        if (fenced == null && failure instanceof KafkaException known && known.errorCode() == ErrorCode.FENCED_INSTANCE_ID) {
            fenced = failure;
            logger.error("Listener '{}' is out of its group, and gets nothing until it is started again: another one has its group.instance.id,"
                    + " which has to be another for each instance of the application", listenerId, failure);
        }
        return fenced != null;
    }

    private void subscribeAgain() {
        try {
            subscribe();
        } catch (RuntimeException | Error again) {
            logger.debug("Listener '{}' could not subscribe again; the next poll tells why", listenerId, again);
        }
    }

    /** Holds partitions that cannot be read; false if they are held already, or there are none. */
    private boolean hold(Set<TopicPartition> partitions, Throwable failure) {
        boolean holds = false;
        for (TopicPartition partition : partitions) {
            Duration wait = assignment.work(partition) == null ? null : held.hold(partition, failure);
            if (wait != null) {
                holds = true;
                holdAtConsumer(partition, true);
                loop.logOnce(failure, () -> logger.error(
                        "Listener '{}' cannot read {}; it is tried again until it can be, and others go on", listenerId, partition, failure));
            }
        }
        return holds;
    }

    private void holdAtConsumer(TopicPartition partition, boolean hold) {
        PartitionWork work = assignment.work(partition);
        if (work != null) {
            work.hold(hold);
        }
    }

    private Duration counted(Throwable failure) {
        joinsAtFailure = assignment.joins();
        return loop.counted(failure);
    }

    private void takeWhatIsThere() {
        int gone = assignment.partings();
        try {
            handOut(consumer.poll(Duration.ZERO), gone);
        } catch (RuntimeException | Error again) {
            logger.debug("Listener '{}' has nothing else to read", listenerId, again);
        }
    }

    private static boolean isRetriable(Throwable failure) {
        return failure instanceof KafkaException known && known.isRetriable();
    }

    /** A listener gets the consumer, and may close it. */
    private static boolean isOfNoMoreUse(Throwable failure) {
        return failure instanceof KafkaException known
                ? known.isFatal() || failure instanceof ClientClosedException
                : failure instanceof Error || failure instanceof IllegalStateException;
    }

    /** Another consumer for the rest of the run. It asks for records only when the listener has finished those of the one before. */
    private void replaceConsumer() {
        if (loop.isStopRequested()) {
            return;
        }
        logger.warn("Listener '{}' replaces its consumer", listenerId);
        close(consumer);
        joins.subscribes();
        assignment.loseAll(properties.getShutdownTimeout());
        while (!loop.isStopRequested()) {
            try {
                use(parts.newConsumer());
                return;
            } catch (RuntimeException | Error failure) { // an Error too: there may be no memory for another thread, for now
                loop.waitAfterFailure(counted(failure));
            }
        }
    }

    private void use(PolledConsumer made) {
        boolean tooLate;
        synchronized (consumerLock) {
            tooLate = consumersEnded;
            if (!tooLate) {
                consumer = made;
            }
        }
        if (tooLate) {
            close(made);
            return;
        }
        try {
            subscribe();
        } catch (RuntimeException | Error failure) {
            close(made);
            throw failure;
        }
    }

    private void close(PolledConsumer left) {
        try {
            left.close(CLOSE_LIMIT);
        } catch (RuntimeException | Error e) {
            logger.warn("A consumer of listener '{}' could not be closed", listenerId, e);
        }
    }

    @Override
    public void stop(Duration limit) {
        loop.requestStop();
        try {
            assignment.end(limit);
        } finally {
            PolledConsumer last;
            synchronized (consumerLock) {
                consumersEnded = true;
                last = consumer;
            }
            close(last);
        }
        loop.awaitEnd(CLOSE_LIMIT);
    }

    @Override
    public void requestPause(boolean pause) {
        if (pause) {
            workers.pause();
        }
        assignment.change(() -> pauseRequested = pause, work -> work.requestPause(pause));
        if (!pause) {
            workers.resume();
        }
    }

    @Override
    public boolean isPaused() {
        return pauseRequested && assignment.works().stream().noneMatch(PartitionWork::isBusyWithListener);
    }

    @Override
    public boolean isWorker() {
        return workers.isWorker();
    }

    @Override
    public boolean doesItsWork() {
        return fenced == null && !loop.failures().areMany() && !held.isOneGivenUpOn() && !committer.hasFailedOften() && !topicProblems.isOneForGood()
                && !joins.isOutsideTooLong(System.nanoTime());
    }

    @Override
    public @Nullable Throwable lastError() {
        Throwable replaced = fenced;
        Throwable poll = replaced != null ? replaced : loop.failures().last();
        Throwable partition = held.lastFailure();
        Throwable commit = committer.lastFailure();
        return poll != null ? poll : partition != null ? partition : commit != null ? commit : joins.problem(System.nanoTime());
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
    public Collection<TopicPartition> partitions() {
        return assignment.partitions();
    }

    @Override
    public Map<TopicPartition, Long> lag() {
        Map<TopicPartition, Long> lag = new TreeMap<>();
        for (PartitionWork work : assignment.works()) {
            lag(work).ifPresent(records -> lag.put(work.partition(), records));
        }
        return lag;
    }

    @Override
    public OptionalLong lag(TopicPartition partition) {
        PartitionWork work = assignment.work(partition);
        return work == null ? OptionalLong.empty() : lag(work);
    }

    private OptionalLong lag(PartitionWork work) {
        OptionalLong behindPosition = consumer.currentLag(work.partition());
        return behindPosition.isPresent() ? OptionalLong.of(behindPosition.getAsLong() + work.inFlight()) : behindPosition;
    }

    @Override
    public int inFlight() {
        return assignment.works().stream().mapToInt(PartitionWork::inFlight).sum();
    }

    // What the parts of the run want of it.

    @Override
    public void pause(TopicPartition partition) {
        onAssigned(partition, () -> consumer.pause(partition));
    }

    @Override
    public void resume(TopicPartition partition) {
        onAssigned(partition, () -> consumer.resume(partition));
    }

    @Override
    public long shareOfBytes() {
        return properties.shareOfQueuedBytes(assignment.works().size());
    }

    /** The partition may have gone in this very moment, and then there is nothing to do. */
    private void onAssigned(TopicPartition partition, Runnable call) {
        try {
            call.run();
        } catch (IllegalStateException | KafkaException e) {
            logger.debug("Listener '{}' could not pause or resume {}", listenerId, partition, e);
        }
    }

    @Override
    public void ready(PartitionWork work) {
        workers.ready(work);
    }

    @Override
    public void readyAfter(PartitionWork work, Duration delay) {
        workers.readyAfter(work, delay);
    }

    @Override
    public void commitDue(PartitionWork work) {
        committer.request(work);
    }

    @Override
    public Observers observers() {
        return observers;
    }

    @Override
    public void committed(Map<TopicPartition, dev.kafkaboot.client.OffsetAndMetadata> offsets) {
        observers.committed(offsets);
    }

    @Override
    public void failed(Throwable cause) {
        observers.commitFailed(cause);
    }
}
