package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.InterruptException;
import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.LoopCondition;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.telemetry.ApplicationMetrics;
import dev.kafkaboot.client.telemetry.ClientTelemetry;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.record.compress.Decompressor;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Reads records as a member of a share group (KIP-932): any number of consumers read the same partitions, each record is given to one of them at a time, and
 * acknowledged record by record. Needs Kafka 4.2 or later.
 *
 * <p>A record that a poll hands out is locked for this consumer ({@code group.share.record.lock.duration.ms} at the brokers, 30 seconds). If it is not acknowledged
 * by then, or is released, another consumer gets it, until it was delivered too often ({@code group.share.delivery.count.limit}, 5).
 *
 * <ul>
 *   <li>{@code share.acknowledgement.mode=implicit}: what a poll handed out is accepted when the same thread polls again or commits. If it ends without that, the
 *       next poll or commit of another thread releases it.
 *   <li>{@code share.acknowledgement.mode=explicit}: each record is acknowledged by {@link #acknowledge}, from any thread, before the thread that got it polls again.
 * </ul>
 *
 * <p>Acknowledgements are sent by the next poll or commit. Only {@link #commit} and the callback of {@link #acknowledgementCommitCallback} tell that a broker has
 * taken them. Nothing is fetched ahead, because what is fetched is locked: brokers are asked while a poll waits.
 *
 * <p>Safe for any number of threads, every method of it: threads that poll get disjoint records. Calls that wait are bounded by {@code default.api.timeout.ms} or
 * an argument. Errors are {@link KafkaException}s.
 *
 * @param <K> the keys' type
 * @param <V> the values' type
 */
public final class KafkaShareConsumer<K, V> implements AutoCloseable {

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final ClientConnections connections;
    private final EventLoop loop;
    private final ShareConsumerCore core;
    private final ShareBuffer buffer = new ShareBuffer();
    private final HeldRecords held = new HeldRecords();
    private final ShareCollector<K, V> collector;
    private final LoopCondition changed;
    private final ClientTelemetry telemetry;
    private final Registration untilEnd;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final Decompressor decompressor = new Decompressor();
    private final ConsumerListener listener;
    private final Duration apiTimeout;
    private final int maxPollRecords;
    private final boolean isExplicit;
    private final TopicWatches watches;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Held while a change of the subscription is made and handed to the loop, so that the loop hears of changes in their order, and of none after the end. */
    private final Object subscribing = new Object();

    /**
     * Held while what was said of records is taken and handed to the loop, so that the loop hears of it in the order in which it was taken: who commits, leaves or closes
     * then comes after what a poll has taken, though that may still be decoding.
     */
    private final Object sending = new Object();

    private volatile Set<String> subscription = Set.of();

    /** Why there is nothing left but to close, or null. */
    private volatile @Nullable ClientClosedException ended;

    KafkaShareConsumer(
            ClientConfig config, ClientConnections connections, Serializer<K> keyDeserializer, Serializer<V> valueDeserializer, ConsumerListener listener) {
        this.connections = connections;
        this.loop = connections.loop();
        ConsumerMetrics metrics = new ConsumerMetrics(ConsumerMetrics.SHARE_CONSUMER, loop, () -> 0);
        this.listener = new ConsumerListeners(metrics, listener);
        this.keySerializer = keyDeserializer;
        this.valueSerializer = valueDeserializer;
        this.apiTimeout = config.get(CommonConfig.DEFAULT_API_TIMEOUT);
        this.maxPollRecords = config.get(ShareConsumerConfig.MAX_POLL_RECORDS);
        this.isExplicit = config.get(ShareConsumerConfig.ACKNOWLEDGEMENT_MODE) == ShareAcknowledgementMode.EXPLICIT;
        this.watches = new TopicWatches(connections.metadata(), /* create= */ false);
        this.changed = loop.newCondition();
        this.core = new ShareConsumerCore(connections, config, buffer, held, this.listener, changed::signalAll);
        RecordDecoding<K, V> decoding = new RecordDecoding<>(
                keyDeserializer, valueDeserializer, config.get(ConsumerConfig.CHECK_CRCS), IsolationLevel.READ_UNCOMMITTED, decompressor);
        this.collector = new ShareCollector<>(core, buffer, held, decoding, this.listener, loop::nanoTime,
                config.get(ShareConsumerConfig.ACQUIRE_MODE) == ShareAcquireMode.RECORD_LIMIT);
        this.telemetry = ClientTelemetry.begin(
                config, connections, ConsumerMetrics.CONSUMER, () -> MemberLabels.of(config, core.memberId()), metrics);
        this.untilEnd = loop.onEnd(cause -> ended = new ClientClosedException(
                "The share consumer is of no more use: its event loop has ended" + (cause == null ? "" : " (" + cause + ")"), cause));
    }

    /** Configures a share consumer. */
    public static <K, V> ShareConsumerBuilder<K, V> builder(Serializer<K> keyDeserializer, Serializer<V> valueDeserializer) {
        return new ShareConsumerBuilder<>(keyDeserializer, valueDeserializer);
    }

    /** Reads topics as a member of the group, which is joined by the first poll. Replaces what was subscribed to before; nothing is {@link #unsubscribe}. */
    public void subscribe(Collection<String> topics) {
        if (topics.isEmpty()) {
            unsubscribe();
            return;
        }
        Set<String> names = Collections.unmodifiableSet(new LinkedHashSet<>(topics));
        synchronized (subscribing) {
            refuseIfClosed();
            subscription = names;
            watches.watch(names);
            core.subscribe(names);
        }
    }

    /** Sends what was acknowledged, releases what was not, and leaves the group; it stays a member if another thread subscribes meanwhile. */
    public void unsubscribe() {
        CompletableFuture<Void> left;
        synchronized (subscribing) {
            refuseIfClosed();
            subscription = Set.of();
            watches.watch(Set.of());
            synchronized (sending) {
                List<Acknowledgement> acknowledged = held.takeAcknowledged();
                List<Acknowledgement> rest = held.takeAll();
                left = connections.handOver(() -> core.leave(acknowledged, rest, "unsubscribed", apiTimeout, /* forGood= */ false));
            }
        }
        loop.join(left, apiTimeout.plusSeconds(1), () -> "leaving the group");
    }

    /** The topics that are subscribed to. */
    public Set<String> subscription() {
        return subscription;
    }

    /**
     * Records for the calling thread, as soon as there are any. What it was given before is accepted by that, if acknowledgements are implicit.
     *
     * @param timeout how long to wait for the first; zero to take what is there, which is nothing unless another poll has left some
     * @return empty if there were none in time
     * @throws RecordDeserializationException if a record cannot be deserialised; it is released unless {@link #acknowledge(String, int, long, AcknowledgeType)} says
     *     something else before the next poll or commit
     * @throws dev.kafkaboot.client.UnreadableBatchException if a batch of records cannot be read; its records are released likewise
     * @throws IllegalStateException if nothing is subscribed to, or acknowledgements are explicit and the calling thread was given a record that nobody has
     *     acknowledged
     */
    public ConsumerRecords<K, V> poll(Duration timeout) {
        refuseIfClosed();
        if (subscription.isEmpty()) {
            throw new IllegalStateException("Nothing to poll: call subscribe(...) first");
        }
        if (isExplicit) {
            held.requireOwnAcknowledged();
        }
        Object token = new Object();
        Duration sinceLastPoll;
        synchronized (sending) {
            sinceLastPoll = core.pollBegins(finished());
        }
        try {
            listener.polled(sinceLastPoll);
            long deadline = loop.nanoTime() + Times.nanos(timeout);
            while (true) {
                long seen = buffer.arrivals();
                ConsumerRecords<K, V> records = collector.collect(maxPollRecords, subscription);
                if (!records.isEmpty()) {
                    return records;
                }
                Duration left = Duration.ofNanos(Math.max(0, deadline - loop.nanoTime()));
                if (left.isZero()) {
                    core.failure().throwIfAny();
                    return records;
                }
                synchronized (sending) {
                    core.pollWaits(token, deadline, held.takeUnseen());
                }
                changed.await(() -> closed.get() || core.failure().isNew() || buffer.arrivals() != seen || buffer.hasSomething(), left);
                refuseIfClosed();
            }
        } finally {
            core.pollEnds(token);
        }
    }

    /** Takes what the application has finished, to be sent. While {@link #sending} is held. */
    private List<Acknowledgement> finished() {
        if (!isExplicit) {
            held.acceptOwn();
        }
        return held.takeAcknowledged();
    }

    /** Accepts a record. */
    public void acknowledge(ConsumerRecord<K, V> record) {
        acknowledge(record, AcknowledgeType.ACCEPT);
    }

    /**
     * Says what became of a record. It is told to the broker by the next poll or commit, and something else may be said until then.
     *
     * @throws IllegalStateException if acknowledgements are implicit, or this consumer does not have the record, or has it by a later delivery than this one, whose lock
     *     timed out
     */
    public void acknowledge(ConsumerRecord<K, V> record, AcknowledgeType type) {
        acknowledge(record.topicPartition(), record.offset(), record, type);
    }

    /**
     * As {@link #acknowledge(ConsumerRecord, AcknowledgeType)}, of a record that is not at hand: one that could not be deserialised, above all.
     *
     * @throws IllegalStateException if acknowledgements are implicit, or this consumer does not have the record
     */
    public void acknowledge(String topic, int partition, long offset, AcknowledgeType type) {
        acknowledge(new TopicPartition(topic, partition), offset, /* record= */ null, type);
    }

    private void acknowledge(TopicPartition partition, long offset, @Nullable ConsumerRecord<K, V> record, AcknowledgeType type) {
        refuseIfClosed();
        if (!isExplicit) {
            throw new IllegalStateException("Records are acknowledged by polls and commits here; set " + ShareConsumerConfig.ACKNOWLEDGEMENT_MODE.name()
                    + "=explicit to acknowledge them one by one");
        }
        held.acknowledge(partition, offset, record, type);
    }

    /** As {@link #commit(Duration)}, within {@code default.api.timeout.ms}. */
    public Map<TopicIdPartition, Optional<KafkaException>> commit() {
        return commit(apiTimeout);
    }

    /**
     * Sends what is acknowledged, and waits for the outcome of that and of all that was sent before and is not answered. What the calling thread was given is
     * accepted by that, if acknowledgements are implicit. What other threads were given is not, because they may still be at work on it: of what a thread was given
     * that has ended since, this releases it.
     *
     * @return for each partition of which something was acknowledged: empty if its broker has taken all of it; else why it has not, or a
     *     {@link dev.kafkaboot.client.TimeoutException} if it has not answered in time
     */
    public Map<TopicIdPartition, Optional<KafkaException>> commit(Duration limit) {
        return loop.join(commitAsync(limit), limit.plusSeconds(1), () -> "the commit of acknowledgements");
    }

    /** As {@link #commit()}, without waiting. */
    public CompletableFuture<Map<TopicIdPartition, Optional<KafkaException>>> commitAsync() {
        return commitAsync(apiTimeout);
    }

    private CompletableFuture<Map<TopicIdPartition, Optional<KafkaException>>> commitAsync(Duration limit) {
        refuseIfClosed();
        synchronized (sending) {
            List<Acknowledgement> acknowledged = finished();
            return connections.handOver(() -> core.commit(acknowledged, limit));
        }
    }

    /** Sets who hears what becomes of acknowledgements, whoever sends them; null for nobody. */
    public void acknowledgementCommitCallback(@Nullable AcknowledgementCommitCallback callback) {
        refuseIfClosed();
        core.callback(callback);
    }

    /** How long the brokers lock a record that they hand out, in milliseconds; empty until one has told. */
    public Optional<Integer> acquisitionLockTimeoutMs() {
        int millis = core.lockTimeoutMillis();
        return millis == 0 ? Optional.empty() : Optional.of(millis);
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
            throw new ClientClosedException("The share consumer is closed");
        }
        ClientClosedException end = ended;
        if (end != null) {
            throw KafkaException.forCaller(end);
        }
    }

    /** Closes within 30 seconds. */
    @Override
    public void close() {
        close(CLOSE_LIMIT);
    }

    /**
     * Sends what was acknowledged, releases what was not, so that others get it at once, leaves the group, and closes. Records of the last poll that were neither
     * acknowledged nor committed are released, whichever mode it is. A poll that waits ends with {@link ClientClosedException}. A second call does nothing.
     *
     * @param limit the call ends within it, and a little
     */
    public void close(Duration limit) {
        synchronized (subscribing) {
            if (!closed.compareAndSet(false, true)) {
                return;
            }
        }
        long deadlineNanos = Times.deadline(loop.nanoTime(), limit);
        // A thread that is interrupted closes all the same: it is bounded, and what is acknowledged is to be sent.
        boolean interrupted = Thread.interrupted();
        held.close();
        changed.signalAll();
        try {
            CompletableFuture<Void> done = new CompletableFuture<>();
            synchronized (sending) {
                List<Acknowledgement> acknowledged = held.takeAcknowledged();
                List<Acknowledgement> rest = held.takeAll();
                loop.execute(() -> core.leave(acknowledged, rest, "the consumer is closed", limit, /* forGood= */ true)
                        .whenComplete((left, failure) -> done.complete(null)));
            }
            interrupted |= awaitThroughInterrupts(done, limit);
        } catch (ClientClosedException loopEnded) {
            // There is nobody to tell any more.
        } finally {
            untilEnd.remove();
            watches.watch(Set.of());
            telemetry.end(Duration.ofNanos(Math.max(0, deadlineNanos - loop.nanoTime())));
            connections.close(Duration.ofSeconds(1));
            buffer.close();
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
