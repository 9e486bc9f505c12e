package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.InterruptException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.OffsetAndTimestamp;
import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.UnknownTopicException;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.LoopCondition;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.record.compress.Decompressor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads records. Safe for any number of threads, every method of it: threads that poll get disjoint records, and a close, seek or commit beside a poll
 * that waits takes effect at once.
 *
 * <p>Records are fetched ahead and heartbeats are sent on the event loop, whatever the application does. What an application finished it shows by
 * polling again: until then, what its last poll handed out is not committed automatically, and a partition that the group wants back is not given up
 * (for up to {@code max.poll.interval.ms}).
 *
 * <p>Calls that wait are bounded by {@code default.api.timeout.ms} or an argument. Errors are {@link KafkaException}s; an error of one partition is thrown
 * by one poll and does not keep the others from being read.
 *
 * @param <K> the keys' type
 * @param <V> the values' type
 */
public final class KafkaConsumer<K, V> implements AutoCloseable, Iterable<ConsumerRecord<K, V>> {

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final ClientConnections connections;
    private final EventLoop loop;
    private final ConsumerCore core;
    private final Assignment assignment;
    private final LoopCondition changed;
    private final Registration untilEnd;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final Decompressor decompressor = new Decompressor();
    private final RecordCollector<K, V> collector;
    private final ConsumerListener listener;
    private final Duration apiTimeout;
    private final int maxPollRecords;
    private final TopicWatches watches;
    private final OffsetQueries queries;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Read by any thread, written under the assignment's lock. */
    private volatile Set<String> subscription = Set.of();

    KafkaConsumer(
            ClientConfig config, ClientConnections connections, Serializer<K> keyDeserializer, Serializer<V> valueDeserializer,
            List<PartitionAssignor> assignors, ConsumerListener listener) {
        this.connections = connections;
        this.loop = connections.loop();
        this.listener = listener;
        this.keySerializer = keyDeserializer;
        this.valueSerializer = valueDeserializer;
        this.apiTimeout = config.get(CommonConfig.DEFAULT_API_TIMEOUT);
        this.maxPollRecords = config.get(ConsumerConfig.MAX_POLL_RECORDS);
        this.watches = new TopicWatches(connections.metadata(), config.get(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS));
        this.changed = loop.newCondition();
        this.assignment = new Assignment(changed::signalAll);
        this.core = new ConsumerCore(connections, config, assignors, assignment, listener, changed::signalAll);
        this.queries = new OffsetQueries(connections, core.lookups(), apiTimeout);
        RecordDecoding<K, V> decoding = new RecordDecoding<>(
                keyDeserializer, valueDeserializer, config.get(ConsumerConfig.CHECK_CRCS), config.get(ConsumerConfig.ISOLATION_LEVEL),
                decompressor);
        this.collector = new RecordCollector<>(assignment, core, decoding, listener);
        this.untilEnd = loop.onEnd(cause -> closed.set(true));
    }

    /** Configures a consumer. */
    public static <K, V> ConsumerBuilder<K, V> builder(Serializer<K> keyDeserializer, Serializer<V> valueDeserializer) {
        return new ConsumerBuilder<>(keyDeserializer, valueDeserializer);
    }

    /** Reads topics as a member of the group, which is joined by the first poll. Replaces what was subscribed to before. */
    public void subscribe(Collection<String> topics) {
        subscribe(topics, null, /* hasListener= */ false);
    }

    /** Reads topics as a member of the group, and tells a listener which partitions it gets and loses. */
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener rebalanceListener) {
        subscribe(topics, rebalanceListener, /* hasListener= */ true);
    }

    private void subscribe(Collection<String> topics, @Nullable ConsumerRebalanceListener rebalanceListener, boolean hasListener) {
        refuseIfClosed();
        if (topics.isEmpty()) {
            unsubscribe();
            return;
        }
        Membership membership = core.membership("subscribe");
        Set<String> names = new LinkedHashSet<>(topics);
        synchronized (assignment) {
            if (subscription.isEmpty() && !assignment.isEmpty()) {
                throw new IllegalStateException("This consumer was assigned partitions by hand; call unsubscribe() before subscribe()");
            }
            subscription = Collections.unmodifiableSet(names);
        }
        watches.watch(names);
        loop.execute(() -> {
            core.handover().listener(hasListener ? rebalanceListener : null);
            membership.subscribe(names);
        });
    }

    /**
     * Reads partitions, without the group's say. Replaces what was assigned before; positions of what stays are kept, and what is finished of the rest is
     * committed, if commits are automatic. What the calling thread was given counts as finished.
     */
    public void assign(Collection<TopicPartition> partitions) {
        refuseIfClosed();
        Set<String> topics = new LinkedHashSet<>();
        partitions.forEach(partition -> topics.add(partition.topic()));
        synchronized (assignment) {
            if (!subscription.isEmpty()) {
                throw new IllegalStateException("This consumer subscribes to " + subscription + "; call unsubscribe() before assign()");
            }
            List<PartitionState> gone = assignment.states();
            gone.removeIf(state -> partitions.contains(state.partition));
            core.unassign(gone);
            assignment.add(partitions, /* announced= */ true);
        }
        watches.watch(topics);
        core.wake();
    }

    /** Gives everything up: leaves the group if there is one, after committing what is finished. */
    public void unsubscribe() {
        refuseIfClosed();
        boolean wasMember = !subscription.isEmpty();
        subscription = Set.of();
        core.workFinished();
        if (wasMember) {
            Membership membership = core.membership("unsubscribe");
            join(connections.handOver(() -> membership.leave(
                    "unsubscribed", apiTimeout.dividedBy(2), apiTimeout.dividedBy(4), /* forGood= */ false)), () -> "leaving the group");
        } else {
            core.unassign(assignment.states());
        }
        watches.watch(Set.of());
    }

    /** The topics that are subscribed to. */
    public Set<String> subscription() {
        return subscription;
    }

    /** The partitions that are assigned now, those that are about to be given up included. */
    public Set<TopicPartition> assignment() {
        return assignment.partitions();
    }

    /** As {@link #poll(Duration, int)}, with {@code max.poll.records}. */
    public ConsumerRecords<K, V> poll(Duration timeout) {
        return poll(timeout, maxPollRecords);
    }

    /**
     * Records that were not handed out yet, as soon as there are any.
     *
     * @param timeout how long to wait for the first; zero to take what is there
     * @param maxRecords how many at most
     * @return empty if there were none in time
     * @throws RecordDeserializationException if a record cannot be deserialised; seek behind it to go on
     * @throws dev.kafkaboot.client.UnreadableBatchException if a batch of records cannot be read
     * @throws IllegalStateException if nothing is subscribed to or assigned
     */
    public ConsumerRecords<K, V> poll(Duration timeout, int maxRecords) {
        if (closed.get()) {
            // Who closes may wait for this thread to show that it has finished.
            core.workFinished();
            refuseIfClosed();
        }
        if (subscription.isEmpty() && assignment.isEmpty()) {
            throw new IllegalStateException("Nothing to poll: call subscribe(...) or assign(...) first");
        }
        assignment.finishedWork();
        listener.polled(core.pollBegins());
        try {
            long deadline = loop.nanoTime() + Times.nanos(timeout);
            while (true) {
                ConsumerRecords<K, V> records = collector.collect(maxRecords);
                if (!records.isEmpty()) {
                    return records;
                }
                Duration left = Duration.ofNanos(Math.max(0, deadline - loop.nanoTime()));
                if (left.isZero()) {
                    core.failure().throwIfAny();
                    return records;
                }
                changed.await(() -> closed.get() || core.failure().isNew() || assignment.hasSomething(), left);
                refuseIfClosed();
            }
        } finally {
            core.pollEnds();
        }
    }

    /** Records without end, polled as they are needed; it ends when the consumer is closed. */
    @Override
    public Iterator<ConsumerRecord<K, V>> iterator() {
        return new RecordIterator<>(() -> poll(apiTimeout));
    }

    /** Moves a position: the next poll hands out the record at the offset, or the first one behind it. */
    public void seek(TopicPartition partition, long offset) {
        seek(partition, new OffsetAndMetadata(offset));
    }

    /** Moves a position. */
    public void seek(TopicPartition partition, OffsetAndMetadata offset) {
        move(partition, state -> state.moveTo(offset.offset(), offset.leaderEpoch()));
    }

    /** Moves positions to the first record there is. */
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> move(partition, state -> state.resetTo(OffsetSpec.earliest())));
    }

    /** Moves positions behind the last record. */
    public void seekToEnd(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> move(partition, state -> state.resetTo(OffsetSpec.latest())));
    }

    private void move(TopicPartition partition, java.util.function.Consumer<PartitionState> how) {
        refuseIfClosed();
        synchronized (assignment) {
            how.accept(assignment.get(partition));
        }
        core.wake();
    }

    /** Hands out no records of some partitions until {@link #resume}; what was fetched of them is kept as long as the others have room. */
    public void pause(Collection<TopicPartition> partitions) {
        setPaused(partitions, true);
    }

    /** Hands out records of paused partitions again. */
    public void resume(Collection<TopicPartition> partitions) {
        setPaused(partitions, false);
    }

    private void setPaused(Collection<TopicPartition> partitions, boolean paused) {
        refuseIfClosed();
        synchronized (assignment) {
            List<PartitionState> states = partitions.stream().map(assignment::get).toList();
            states.forEach(state -> state.paused = paused);
        }
        core.wake();
        changed.signalAll();
    }

    /** The partitions that are paused. */
    public Set<TopicPartition> paused() {
        return assignment.paused();
    }

    /** The offset of the next record to hand out; waits until it is known. */
    public long position(TopicPartition partition) {
        return position(partition, apiTimeout);
    }

    /**
     * The offset of the next record to hand out; waits until it is known.
     *
     * @throws IllegalStateException if the partition is not assigned
     * @throws dev.kafkaboot.client.TimeoutException if it is not known in time
     */
    public long position(TopicPartition partition, Duration limit) {
        refuseIfClosed();
        assignment.get(partition);
        core.wake();
        changed.await(() -> closed.get() || !isUnknown(partition), limit);
        synchronized (assignment) {
            PartitionState state = assignment.get(partition);
            RuntimeException error = state.error;
            if (error != null) {
                state.error = null;
                core.wake();
                throw error;
            }
            if (state.source != PartitionState.Source.KNOWN) {
                throw new dev.kafkaboot.client.TimeoutException("Waited " + Times.text(limit) + " for the position of " + partition + ", which is to come from "
                        + (state.source == PartitionState.Source.COMMITTED ? "the committed offset" : "a reset to " + state.reset));
            }
            return state.position;
        }
    }

    private boolean isUnknown(TopicPartition partition) {
        synchronized (assignment) {
            PartitionState state = assignment.find(partition);
            return state != null && state.source != PartitionState.Source.KNOWN && state.error == null;
        }
    }

    /** The committed offsets of the group; a partition without one is not in the result. */
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        return join(committedAsync(partitions), () -> "the committed offsets of " + partitions);
    }

    /** As {@link #committed}, without waiting. */
    public CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> committedAsync(Set<TopicPartition> partitions) {
        refuseIfClosed();
        return connections.handOver(() -> core.committed("committed").fetch(partitions, apiTimeout));
    }

    /** Commits everything that was handed out. */
    public void commit() {
        join(commitAsync(), () -> "the commit of " + assignment.positions());
    }

    /**
     * Commits offsets.
     *
     * @throws dev.kafkaboot.client.CommitFailedException if the group has given the partitions to others
     */
    public void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        join(commitAsync(offsets), () -> "the commit of " + offsets.keySet());
    }

    /** Commits everything that was handed out, without waiting. */
    public CompletableFuture<Void> commitAsync() {
        return commitAsync(core.withEpochs(assignment.positions()));
    }

    /** Commits offsets, without waiting. */
    public CompletableFuture<Void> commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        refuseIfClosed();
        return connections.handOver(() -> core.commit(offsets, apiTimeout));
    }

    /** The first offset of each partition. */
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        return join(beginningOffsetsAsync(partitions), () -> "the first offsets of " + partitions);
    }

    /** As {@link #beginningOffsets}, without waiting. */
    public CompletableFuture<Map<TopicPartition, Long>> beginningOffsetsAsync(Collection<TopicPartition> partitions) {
        refuseIfClosed();
        return queries.offsets(partitions, OffsetSpec.earliest());
    }

    /** The offset behind the last record of each partition; at read_committed, behind the last that may be read. */
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        return join(endOffsetsAsync(partitions), () -> "the end offsets of " + partitions);
    }

    /** As {@link #endOffsets}, without waiting. */
    public CompletableFuture<Map<TopicPartition, Long>> endOffsetsAsync(Collection<TopicPartition> partitions) {
        refuseIfClosed();
        return queries.offsets(partitions, OffsetSpec.latest());
    }

    /** The first record at or after a time in milliseconds since the epoch; a partition without one is not in the result. */
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> timestamps) {
        refuseIfClosed();
        return join(queries.offsetsForTimes(timestamps), () -> "the offsets of " + timestamps);
    }

    /** Waits a little longer than what is waited for, whose own message tells more. */
    private <T> T join(CompletableFuture<T> future, Supplier<String> what) {
        return loop.join(future, apiTimeout.plusSeconds(1), what);
    }

    /** How many records lie between a position and the end of its partition, as far as is known. */
    public OptionalLong currentLag(TopicPartition partition) {
        synchronized (assignment) {
            return assignment.get(partition).lag();
        }
    }

    /**
     * Who this consumer is in its group, or was when it was last a member: then the coordinator refuses what is committed on its behalf.
     *
     * <p>For a transaction, {@link ConsumerRecords#groupMetadata()} of what was polled is right: rebalances go on meanwhile, and the member of a later generation may
     * have other partitions.
     */
    public ConsumerGroupMetadata groupMetadata() {
        return core.membership("groupMetadata").lastMember();
    }

    /**
     * The partitions of a topic.
     *
     * @throws UnknownTopicException if there is no such topic
     */
    public List<PartitionInfo> partitionsFor(String topic) {
        refuseIfClosed();
        return join(connections.metadata().topic(topic, apiTimeout), () -> "the partitions of '" + topic + "'").partitions();
    }

    /** All topics that the user may see, with their partitions. */
    public Map<String, List<PartitionInfo>> listTopics() {
        refuseIfClosed();
        List<String> names = new ArrayList<>();
        join(connections.manager().send(new MetadataRequest().topics(null)), () -> "the list of topics")
                .topics().forEach(topic -> {
                    String name = topic.name();
                    if (name != null) {
                        names.add(name);
                    }
                });
        Map<String, List<PartitionInfo>> topics = new TreeMap<>();
        names.forEach(name -> topics.put(name, partitionsFor(name)));
        return topics;
    }

    private void refuseIfClosed() {
        if (closed.get()) {
            throw new ClientClosedException("The consumer is closed");
        }
    }

    /** Closes within 30 seconds. */
    @Override
    public void close() {
        close(CLOSE_LIMIT);
    }

    /**
     * Commits what is finished, if commits are automatic, leaves the group, and closes. What the calling thread was given counts as finished. A poll that
     * waits ends with {@link ClientClosedException}. A second call does nothing.
     *
     * @param limit the call ends within it, and a little
     */
    public void close(Duration limit) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        // A thread that is interrupted closes all the same: it is bounded, and what is finished is to be committed.
        boolean interrupted = Thread.interrupted();
        changed.signalAll();
        assignment.finishedWork();
        try {
            CompletableFuture<Void> done = new CompletableFuture<>();
            loop.execute(() -> core.close(limit).whenComplete((left, failure) -> done.complete(null)));
            interrupted |= awaitThroughInterrupts(done, limit);
        } catch (ClientClosedException loopEnded) {
            // There is nobody to leave any more.
        } finally {
            untilEnd.remove();
            assignment.remove(assignment.states());
            watches.watch(Set.of());
            connections.close(Duration.ofSeconds(1));
            decompressor.close();
            keySerializer.close();
            valueSerializer.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean awaitThroughInterrupts(CompletableFuture<Void> done, Duration limit) {
        long deadline = loop.nanoTime() + Times.nanos(limit);
        boolean interrupted = false;
        while (true) {
            try {
                loop.await(done, Duration.ofNanos(Math.max(0, deadline - loop.nanoTime())));
                return interrupted;
            } catch (InterruptException again) {
                interrupted = Thread.interrupted();
            }
        }
    }
}
