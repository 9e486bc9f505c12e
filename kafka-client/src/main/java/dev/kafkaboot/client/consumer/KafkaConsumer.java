package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.OffsetAndTimestamp;
import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.UnknownTopicException;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.TopicListing;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.LoopCondition;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.net.UninterruptedWait;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.telemetry.ApplicationMetrics;
import dev.kafkaboot.client.telemetry.ClientTelemetry;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.record.compress.Decompressor;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads records. Safe for any number of threads, every method of it: threads that poll get disjoint records, and a close, seek or commit beside a poll
 * that waits takes effect at once.
 *
 * <p>Records are fetched ahead and heartbeats are sent on the event loop, whatever the application does. What an application finished it shows by
 * polling again: until then, what its last poll handed out is not committed automatically, and a partition that the group wants back is not given up
 * (for up to {@code max.poll.interval.ms}). A thread that ends without another poll, a commit or a close shows nothing: what it was given is never
 * committed automatically, though nobody waits for it, and is handed out again when the partition is next assigned.
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
    private final ClientTelemetry telemetry;
    private final Registration untilEnd;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    final Decompressor decompressor = new Decompressor();
    private final ConsumerInterceptors<K, V> interceptors;
    private final Duration apiTimeout;
    private final int maxPollRecords;
    private final Subscriptions subscriptions;
    private final OffsetQueries queries;
    private final Polls<K, V> polls;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Set at the end of closing: until then rebalance listeners, which hear of it, may commit. */
    private volatile boolean ended;

    KafkaConsumer(
            ClientConfig config, ClientConnections connections, Serializer<K> keyDeserializer, Serializer<V> valueDeserializer,
            List<PartitionAssignor> assignors, ConsumerListener listener, List<ConsumerInterceptor<K, V>> interceptors) {
        this.connections = connections;
        this.loop = connections.loop();
        this.interceptors = new ConsumerInterceptors<>(interceptors);
        this.keySerializer = keyDeserializer;
        this.valueSerializer = valueDeserializer;
        this.apiTimeout = config.get(CommonConfig.DEFAULT_API_TIMEOUT);
        this.maxPollRecords = config.get(ConsumerConfig.MAX_POLL_RECORDS);
        this.changed = loop.newCondition();
        boolean marking = config.get(ConsumerConfig.COMMIT_MARKS) != CommitMarks.OFF;
        this.assignment = new Assignment(
                changed::signalAll, marking, marking ? config.get(ConsumerConfig.MAX_UNMARKED_RECORDS) : Integer.MAX_VALUE);
        Runnable onChange = signalling(changed, assignment);
        ConsumerMetrics metrics = new ConsumerMetrics(ConsumerMetrics.CONSUMER, loop, () -> assignment().size());
        ConsumerListener listeners = new ConsumerListeners(metrics, listener);
        this.core = new ConsumerCore(connections, config, assignors, assignment, listeners, onChange, this::committed);
        this.subscriptions = new Subscriptions(config, connections, core, assignment, onChange);
        this.queries = new OffsetQueries(connections, core.lookups(), apiTimeout);
        RecordDecoding<K, V> decoding = new RecordDecoding<>(
                keyDeserializer, valueDeserializer, config.get(ConsumerConfig.CHECK_CRCS), config.get(ConsumerConfig.ISOLATION_LEVEL),
                decompressor);
        this.polls = new Polls<>(loop, assignment, core, subscriptions, new RecordCollector<>(assignment, core, decoding, listeners), this.interceptors,
                listeners, changed, closed::get);
        this.telemetry = ClientTelemetry.begin(config, connections, ConsumerMetrics.CONSUMER, () -> MemberLabels.of(config, core.lastMember()), metrics);
        this.untilEnd = loop.onEnd(cause -> {
            closed.set(true);
            ended = true;
        });
    }

    /** Wakes polls. They look at the assignment with the condition's lock held, so who holds the assignment's must not ask for the condition's. */
    private static Runnable signalling(LoopCondition changed, Assignment assignment) {
        return () -> {
            assert !Thread.holdsLock(assignment) : "polls are woken with the assignment's lock held";
            changed.signalAll();
        };
    }

    /** Configures a consumer. */
    public static <K, V> ConsumerBuilder<K, V> builder(Serializer<K> keyDeserializer, Serializer<V> valueDeserializer) {
        return new ConsumerBuilder<>(keyDeserializer, valueDeserializer);
    }

    /**
     * Reads topics as a member of the group, which is joined by the first poll. Replaces what was subscribed to before. None at all is as {@link #unsubscribe}.
     *
     * <p>Without a {@code group.id} all partitions of the topics are read, and nothing is committed. What is there when the topics are first heard of begins where
     * {@code auto.offset.reset} says; partitions and topics that come later begin at their first records.
     *
     * @throws IllegalStateException if partitions were assigned by hand
     */
    public void subscribe(Collection<String> topics) {
        subscribe(new Subscription.Names(new LinkedHashSet<>(topics)), null);
    }

    /** As {@link #subscribe(Collection)}, and tells a listener which partitions it gets and loses. */
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener rebalanceListener) {
        subscribe(topics, RebalanceCalls.of(rebalanceListener));
    }

    /** As {@link #subscribe(Collection, ConsumerRebalanceListener)}; the group waits for what the listener does then. */
    public void subscribe(Collection<String> topics, AsyncConsumerRebalanceListener rebalanceListener) {
        subscribe(new Subscription.Names(new LinkedHashSet<>(topics)), rebalanceListener);
    }

    /** As {@link #subscribe(TopicPattern)}, with nothing left out. */
    public void subscribe(Pattern topics) {
        subscribe(TopicPattern.of(topics));
    }

    /** As {@link #subscribe(TopicPattern, ConsumerRebalanceListener)}, with nothing left out. */
    public void subscribe(Pattern topics, ConsumerRebalanceListener rebalanceListener) {
        subscribe(TopicPattern.of(topics), rebalanceListener);
    }

    /**
     * Reads all topics whose whole names match, as {@link #subscribe(Collection)} does; also those that come later, from when metadata is
     * {@code metadata.max.age.ms} old, and not those that are gone. Topics that Kafka makes for itself do not match, unless {@code exclude.internal.topics} is false.
     *
     * <p>This consumer finds the topics, by asking for all that the user may see, whatever the group's protocol. See {@link #subscribe(SubscriptionPattern)} for
     * another way.
     */
    public void subscribe(TopicPattern topics) {
        subscribe(new Subscription.Matching(topics), null);
    }

    /** As {@link #subscribe(TopicPattern)}, and tells a listener which partitions it gets and loses. */
    public void subscribe(TopicPattern topics, ConsumerRebalanceListener rebalanceListener) {
        subscribe(topics, RebalanceCalls.of(rebalanceListener));
    }

    /** As {@link #subscribe(TopicPattern, ConsumerRebalanceListener)}; the group waits for what the listener does then. */
    public void subscribe(TopicPattern topics, AsyncConsumerRebalanceListener rebalanceListener) {
        subscribe(new Subscription.Matching(topics), rebalanceListener);
    }

    /**
     * Reads all topics that the group's coordinator finds, at once when they come (KIP-848; from Kafka 4.0 on). An expression that it cannot read is told by polls, as
     * a {@link dev.kafkaboot.client.InvalidRegularExpressionException}.
     *
     * @throws UnsupportedOperationException with {@code group.protocol=classic}
     * @throws IllegalStateException without a {@code group.id}, or if partitions were assigned by hand
     */
    public void subscribe(SubscriptionPattern topics) {
        subscribe(new Subscription.MatchedByCoordinator(topics), null);
    }

    /** As {@link #subscribe(SubscriptionPattern)}, and tells a listener which partitions it gets and loses. */
    public void subscribe(SubscriptionPattern topics, ConsumerRebalanceListener rebalanceListener) {
        subscribe(topics, RebalanceCalls.of(rebalanceListener));
    }

    /** As {@link #subscribe(SubscriptionPattern, ConsumerRebalanceListener)}; the group waits for what the listener does then. */
    public void subscribe(SubscriptionPattern topics, AsyncConsumerRebalanceListener rebalanceListener) {
        subscribe(new Subscription.MatchedByCoordinator(topics), rebalanceListener);
    }

    private void subscribe(Subscription wanted, @Nullable AsyncConsumerRebalanceListener rebalanceListener) {
        refuseIfClosed();
        if (wanted.isEmpty()) {
            unsubscribe();
        } else {
            subscriptions.subscribe(wanted, rebalanceListener);
        }
    }

    /**
     * Reads partitions, without the group's say. Replaces what was assigned before; positions of what stays are kept, and what is finished of the rest is
     * committed, if commits are automatic. What the calling thread was given counts as finished.
     *
     * <p>If an {@link #unsubscribe()} is under way, it is waited for.
     *
     * @throws IllegalStateException if something is subscribed to
     */
    public void assign(Collection<TopicPartition> partitions) {
        refuseIfClosed();
        while (!subscriptions.assign(partitions)) {
            core.workFinished(); // which is waited for before what was subscribed to is given up
            join(subscriptions.ending(), () -> "what was subscribed to to be given up");
            refuseIfClosed();
        }
        core.wake();
    }

    /**
     * Gives everything up: leaves the group if there is one, after committing what is finished. What is not {@linkplain #mark marked} by now is not waited for.
     *
     * <p>In a call of the rebalance listener's it does not wait until that is done, because giving up waits for the call.
     */
    public void unsubscribe() {
        refuseIfClosed();
        join(subscriptions.end(apiTimeout.dividedBy(2), apiTimeout.dividedBy(4)), () -> "leaving the group");
    }

    /**
     * The topics that are subscribed to: of a pattern those that match as far as is known, and of one that the coordinator matches those of which partitions are
     * assigned.
     */
    public Set<String> subscription() {
        return subscriptions.topics();
    }

    /** As {@link #enforceRebalance(String)}, without saying why. */
    public void enforceRebalance() {
        enforceRebalance("the application wants a rebalance");
    }

    /**
     * Lets the group rebalance, where members have a say in that: with {@code group.protocol=classic}, if this consumer is a member. It does not wait for the
     * outcome. With {@code group.protocol=consumer} the coordinator does without, and nothing happens.
     *
     * @param reason is told to the coordinator (KIP-800; from Kafka 3.2 on), up to 255 characters of it
     * @throws IllegalStateException without a {@code group.id}
     */
    public void enforceRebalance(String reason) {
        refuseIfClosed();
        Membership membership = core.membership("enforceRebalance");
        loop.execute(() -> membership.enforceRebalance(reason));
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
     * @throws IllegalArgumentException if {@code maxRecords} is not positive
     */
    public ConsumerRecords<K, V> poll(Duration timeout, int maxRecords) {
        if (maxRecords <= 0) {
            throw new IllegalArgumentException("maxRecords must be positive, not " + maxRecords + "; pause(...) to take no records");
        }
        return polls.poll(timeout, maxRecords);
    }

    /** Offsets were committed. On the loop. */
    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (!interceptors.isEmpty() && !offsets.isEmpty()) {
            Map<TopicPartition, OffsetAndMetadata> told = Collections.unmodifiableMap(new LinkedHashMap<>(offsets));
            loop.callbacks().execute(() -> interceptors.onCommit(told));
        }
    }

    /**
     * Records without end, taken as they are needed; it ends when the consumer is closed.
     *
     * <p>Records are taken one at a time: a position moves with each, and asking for the next one says that the one before is finished, as polling does. What the iterator
     * was not asked for is not skipped when it is given up: the next poll, iterator or stream goes on there.
     */
    @Override
    public Iterator<ConsumerRecord<K, V>> iterator() {
        return polls.iterator(/* idle= */ null);
    }

    /**
     * As {@link #iterator()}, until no record has come for some time, or the consumer is closed.
     *
     * @param idle how long the next record is waited for
     */
    public Iterator<ConsumerRecord<K, V>> iterator(Duration idle) {
        return polls.iterator(idle);
    }

    /**
     * As {@link #iterator(Duration)}, as a stream, in order. A stream that is cut short ({@code limit}, {@code findFirst}) takes no more than it passes on. Made parallel,
     * it takes records for other threads, and finishes them before these have.
     *
     * @param idle how long the next record is waited for
     */
    public Stream<ConsumerRecord<K, V>> stream(Duration idle) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(iterator(idle), Spliterator.ORDERED | Spliterator.NONNULL), /* parallel= */ false);
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
            PartitionState state = assignment.get(partition);
            how.accept(state);
            state.lastTimestamp = -1; // the time of what was read elsewhere has nothing to do with where the application goes
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
     * @throws IllegalStateException if the partition is not assigned, or is being given up and has none yet
     * @throws dev.kafkaboot.client.TimeoutException if it is not known in time
     */
    public long position(TopicPartition partition, Duration limit) {
        refuseIfClosed();
        assignment.get(partition);
        core.wake();
        changed.await(() -> closed.get() || !assignment.isUnknown(partition), limit);
        refuseIfClosed();
        RuntimeException error;
        synchronized (assignment) {
            PartitionState state = assignment.get(partition);
            if (state.source == PartitionState.Source.KNOWN) {
                return assignment.position(state); // an error there may be concerns what is there, which is a poll's affair
            }
            state.refuseIfRevoking("its position was not known yet");
            error = assignment.takeError(partition);
            if (error == null) {
                throw new TimeoutException("Waited " + Times.text(limit) + " for the position of " + partition + ", which is to come from " + state.origin());
            }
        }
        core.wake(); // it is asked for again; never with the assignment's lock, which those who are woken want
        throw error instanceof KafkaException known ? KafkaException.forCaller(known) : error;
    }

    /** The committed offsets of the group; a partition without one is not in the result. */
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        return join(committedAsync(partitions), () -> "the committed offsets of " + partitions);
    }

    /** As {@link #committed}, without waiting. */
    public CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> committedAsync(Set<TopicPartition> partitions) {
        refuseIfEnded();
        CommittedOffsets committed = core.committed("committed");
        return connections.handOver(() -> committed.fetch(partitions, apiTimeout));
    }

    /**
     * Commits everything that was handed out.
     *
     * @throws dev.kafkaboot.client.CommitFailedException if the group has taken partitions away whose records this thread got from its last poll; the rest is committed
     * @throws IllegalStateException if records are marked ({@code commit.marks}): {@link #commitMarked()} commits those that are
     */
    public void commit() {
        join(commitAsync(), () -> "the commit of " + assignment.positions());
    }

    /**
     * Commits offsets.
     *
     * @throws dev.kafkaboot.client.CommitFailedException if partitions are not this consumer's, or were not all the time since this thread polled; the rest is committed
     */
    public void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        join(commitAsync(offsets), () -> "the commit of " + offsets.keySet());
    }

    /** Commits everything that was handed out, without waiting. */
    public CompletableFuture<Void> commitAsync() {
        core.refuseIfMarking("commit");
        return commitAsync(core.withEpochs(assignment.positions()), assignment.takenUnfinishedFromCaller());
    }

    /** Commits offsets, without waiting. */
    public CompletableFuture<Void> commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        return commitAsync(offsets, assignment.takenFromCaller(offsets.keySet()));
    }

    private CompletableFuture<Void> commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, Set<TopicPartition> taken) {
        refuseIfEnded();
        core.membership("commit");
        assignment.vouchedFor(offsets, taken);
        return connections.handOver(() -> core.commit(offsets, taken, apiTimeout));
    }

    /**
     * Marks a record as done, where {@code commit.marks} is set. Records are marked in any order, by any thread; what is committed of a partition ends
     * before the first record that is not marked. A record that will never be dealt with has to be marked too, or nothing behind it is ever committed, no more than
     * {@code max.unmarked.records} are handed out, and a rebalance waits for it (for up to {@code max.poll.interval.ms}).
     *
     * @param record the very one that a poll returned
     * @return false if that changes nothing: it was marked before; or the position was moved back behind it or its partition was taken away, and it is, or may be, handed
     *         out again
     * @throws IllegalStateException if records are not marked
     */
    public boolean mark(ConsumerRecord<?, ?> record) {
        return core.mark(record);
    }

    /** Marks records as done, all that a poll returned for example; answers how many of them {@linkplain #mark(ConsumerRecord) count}. */
    public int mark(Iterable<? extends ConsumerRecord<?, ?>> records) {
        int counted = 0;
        for (ConsumerRecord<?, ?> record : records) {
            if (mark(record)) {
                counted++;
            }
        }
        return counted;
    }

    /** What {@link #commitMarked()} would commit now: for each partition with a position, how far everything is marked. */
    public Map<TopicPartition, OffsetAndMetadata> marked() {
        return core.marked();
    }

    /**
     * Commits what is marked, as far as that was not committed yet. With {@code commit.marks=manual}, {@link ConsumerRebalanceListener#onPartitionsRevoked} is the place
     * to do it for the last time.
     *
     * @throws dev.kafkaboot.client.CommitFailedException if the group has taken partitions away before what was marked of them was committed; told once; the rest is committed
     * @throws IllegalStateException if records are not marked
     */
    public void commitMarked() {
        join(commitMarkedAsync(), () -> "the commit of what is marked");
    }

    /** As {@link #commitMarked()}, without waiting. */
    public CompletableFuture<Void> commitMarkedAsync() {
        refuseIfEnded();
        core.refuseUnlessMarking("commitMarked");
        return connections.handOver(() -> core.commitMarked(apiTimeout));
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

    /**
     * Offsets by their place or time, each as an {@link OffsetSpec} says; the timestamp is that of the record there, or -1 where only the place was asked for. A partition
     * for which there is nothing is not in the result: no record at or after the time, or nothing in remote storage.
     *
     * @throws dev.kafkaboot.client.BrokerException if a partition's leader does not know what is asked for (UNSUPPORTED_VERSION), or refuses it
     */
    public Map<TopicPartition, OffsetAndTimestamp> offsets(Map<TopicPartition, OffsetSpec> specs) {
        return join(offsetsAsync(specs), () -> "the offsets of " + specs);
    }

    /** As {@link #offsets}, without waiting. */
    public CompletableFuture<Map<TopicPartition, OffsetAndTimestamp>> offsetsAsync(Map<TopicPartition, OffsetSpec> specs) {
        refuseIfClosed();
        return queries.find(specs);
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

    /** All topics that the user may see, with their partitions, as one broker knows them; leader epochs are not told. */
    public Map<String, List<PartitionInfo>> listTopics() {
        refuseIfClosed();
        return TopicListing.of(join(connections.manager().send(new MetadataRequest().topics(null)), () -> "the list of topics"));
    }

    /** The id under which brokers know this consumer's metrics (KIP-714); see {@link ClientTelemetry#clientInstanceId}, which this waits for. */
    public Uuid clientInstanceId(Duration limit) {
        refuseIfClosed();
        return telemetry.awaitClientInstanceId(limit);
    }

    /** Where the application registers metrics of its own that this consumer pushes to brokers that ask for them (KIP-1076). */
    public ApplicationMetrics applicationMetrics() {
        return telemetry.applicationMetrics();
    }

    private void refuseIfClosed() {
        if (closed.get()) {
            throw new ClientClosedException("The consumer is closed");
        }
    }

    private void refuseIfEnded() {
        if (ended) {
            refuseIfClosed();
        }
    }

    /** Closes within 30 seconds. */
    @Override
    public void close() {
        close(CLOSE_LIMIT);
    }

    /**
     * Commits what is finished, if commits are automatic, leaves the group, and closes. What the calling thread was given counts as finished, and commits that are
     * under way are waited for. A poll that waits ends with {@link ClientClosedException}. Where records are marked, what is marked by now is finished and nothing
     * else: who works on records in other threads waits for these first. The rebalance listener hears that the partitions are given up, and may commit. A second
     * call does nothing.
     *
     * <p>Called by a rebalance listener, it returns at once, and the consumer is closed when the listener has returned.
     *
     * @param limit the call ends within it, and a little
     */
    public void close(Duration limit) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long deadlineNanos = Times.deadline(loop.nanoTime(), limit);
        // A thread that is interrupted closes all the same: it is bounded, and what is finished is to be committed.
        boolean interrupted = Thread.interrupted();
        changed.signalAll();
        assignment.awaitNoMarks();
        assignment.finishedWork();
        boolean endsLater = core.handover().isTelling();
        try {
            CompletableFuture<Void> done = new CompletableFuture<>();
            loop.execute(() -> core.close(limit).whenComplete((left, failure) -> done.complete(null)));
            if (endsLater) {
                done.thenRun(() -> loop.callbacks().execute(() -> end(deadlineNanos)));
            } else {
                UninterruptedWait.join(loop, done, limit, "the consumer to leave");
            }
        } catch (TimeoutException late) {
            // what is not done by now is left undone
        } catch (ClientClosedException loopEnded) {
            endsLater = false; // there is nobody to leave any more
        } finally {
            interrupted |= Thread.interrupted();
            if (!endsLater) {
                end(deadlineNanos);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void end(long deadlineNanos) {
        ended = true;
        untilEnd.remove();
        assignment.remove(assignment.states());
        subscriptions.close();
        stop();
        telemetry.end(Duration.ofNanos(Math.max(0, deadlineNanos - loop.nanoTime())));
        connections.close(Duration.ofSeconds(1));
        decompressor.close();
        keySerializer.close();
        valueSerializer.close();
        interceptors.close();
    }

    private void stop() {
        try {
            loop.execute(core::stop);
        } catch (ClientClosedException loopEnded) {
            // everything on it has ended with it
        }
    }
}
