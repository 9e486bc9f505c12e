package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.BufferExhaustedException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.TransactionStateException;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.client.producer.ChunkPool.Priority;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.telemetry.ApplicationMetrics;
import dev.kafkaboot.client.telemetry.ClientTelemetry;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.record.BatchBuilder;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends records. Safe for any number of threads.
 *
 * <p>{@code send} answers at once with a future, which completes when the brokers have acknowledged the record as {@code acks} demands, or fails with a
 * {@link KafkaException} that says why and, if it is a {@link dev.kafkaboot.client.SendException}, whether the record may have been written. It never waits for the cluster:
 * records of a topic that is not known yet are kept, in order. Only when {@code buffer.memory} is used up does it wait, for up to
 * {@code max.block.ms}; {@code trySend} does not wait even then. No call of either throws, but for a topic that is null: what goes wrong is in the future.
 *
 * <p>Records of a partition are written in the order in which they were sent, and once, however often they are sent again, unless
 * {@code enable.idempotence} is off (KIP-98). Futures complete on threads of the event loop's callbacks, never on the
 * loop. Those of one batch complete one after the other on one thread, each with what depends on it: a dependent must not wait for the future of another record,
 * which may be in the same batch and complete only behind it. Use {@code whenCompleteAsync} and its likes, with an executor, for what waits or takes long.
 *
 * @param <K> the keys' type
 * @param <V> the values' type
 */
public final class KafkaProducer<K, V> implements AutoCloseable {

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    /** For what does not take any time, unless something is wrong. */
    static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private static final long NO_TRANSACTION = 0;

    /** What a request has besides its batches: header, topics, partitions. */
    private static final int REQUEST_OVERHEAD = 1024;

    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final ClientConnections connections;
    private final EventLoop loop;
    private final ChunkPool pool;
    private final MemoryLine memoryLine;
    private final Batchings batchings;
    private final Partitioning partitioning;
    private final StuckBrokers stuckBrokers;
    private final RecordAccumulator accumulator;
    private final TopicLookUps lookUps;
    private final Sender sender;
    private final @Nullable Transactions transactions;
    private final TransactionCalls calls;
    private final ClientTelemetry telemetry;
    private final Registration untilEnd;
    private final Duration maxBlock;
    private final Duration apiTimeout;
    private final ProducerListener listener;
    private final @Nullable Interceptors<K, V> interceptors;
    private final int maxRecordSize;
    private final boolean usesHeaders;
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile boolean closed;
    private final AtomicBoolean unparkLater = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    KafkaProducer(
            ClientConfig config, Map<String, ClientConfig> topics, ClientConnections connections, Serializer<K> keySerializer,
            Serializer<V> valueSerializer, List<ProducerListener> listeners, List<ProducerInterceptor<K, V>> interceptors) {
        this.keySerializer = keySerializer;
        this.valueSerializer = valueSerializer;
        this.connections = connections;
        this.loop = connections.loop();
        this.interceptors = interceptors.isEmpty() ? null : new Interceptors<>(interceptors);
        this.usesHeaders = this.interceptors != null || keySerializer.usesHeaders() || valueSerializer.usesHeaders();
        this.maxBlock = config.get(ProducerConfig.MAX_BLOCK);
        this.apiTimeout = config.get(CommonConfig.DEFAULT_API_TIMEOUT);
        this.batchings = Batchings.of(config, topics);
        this.partitioning = Partitioning.of(config);
        this.stuckBrokers = new StuckBrokers(
                loop, connections.metadata(), config.get(ProducerConfig.PARTITIONER_AVAILABILITY_TIMEOUT), this::forEachPartition);
        Events events = new Events();
        ProducerMetrics metrics = new ProducerMetrics();
        this.listener = new GuardedListener(Stream.concat(Stream.of(metrics), listeners.stream()).toList(), events::recordsFailed);
        int maxRequestSize = config.get(ProducerConfig.MAX_REQUEST_SIZE);
        this.maxRecordSize = maxRequestSize - BatchBuilder.OVERHEAD;
        int batchSize = config.get(ProducerConfig.BATCH_SIZE);
        this.pool = new ChunkPool(config.get(ProducerConfig.BUFFER_MEMORY), batchSize, this::memoryCameBack);
        this.memoryLine = new MemoryLine(loop, pool);
        RecordAccumulator.Settings settings = new RecordAccumulator.Settings(
                loop, pool, batchings, Math.max(BatchBuilder.OVERHEAD, maxRequestSize - REQUEST_OVERHEAD), partitioning,
                ProducerConfig.isIdempotent(config), config.get(ProducerConfig.MAX_IN_FLIGHT),
                config.find(ProducerConfig.TRANSACTIONAL_ID) != null);
        Duration deliveryTimeout = config.get(ProducerConfig.DELIVERY_TIMEOUT);
        Acks acks = config.get(ProducerConfig.ACKS);
        this.accumulator = new RecordAccumulator(settings, events);
        BatchOutcomes outcomes =
                new BatchOutcomes(connections, settings, this.listener, acks, deliveryTimeout, config.get(ProducerConfig.RETRIES));
        TransactionSettings transactional = TransactionSettings.of(config);
        this.transactions = transactional == null ? null : new Transactions(transactional, connections, accumulator, outcomes);
        this.calls = new TransactionCalls(connections, transactions);
        this.sender = new Sender(
                connections, accumulator,
                new ProduceRequests(connections, stuckBrokers, this.listener, acks, config.get(CommonConfig.REQUEST_TIMEOUT), transactions),
                outcomes,
                config.get(ProducerConfig.MAX_IN_FLIGHT), maxRequestSize,
                new Backoff(config.get(CommonConfig.RETRY_BACKOFF), config.get(CommonConfig.RETRY_BACKOFF_MAX)), deliveryTimeout,
                config.get(CommonConfig.REQUEST_TIMEOUT),
                failure -> end("the connections were closed: " + failure.getMessage()), transactions);
        if (transactions != null) {
            transactions.attach(new SendingForTransactions(accumulator, sender));
        }
        this.lookUps = new TopicLookUps(
                connections, accumulator, maxBlock, config.get(ProducerConfig.METADATA_MAX_IDLE), sender::mayForget, sender::forgotten);
        this.telemetry = ClientTelemetry.begin(config, connections, ProducerMetrics.PREFIX, () -> ProducerMetrics.labels(config), metrics);
        this.untilEnd = loop.onEnd(cause -> end("the event loop has ended" + (cause == null ? "" : ": " + cause)));
    }

    private void forEachPartition(Consumer<PartitionQueue> action) {
        accumulator.forEachPartition(action);
    }

    /** What happens in the accumulator. */
    private final class Events implements RecordAccumulator.Owner {

        private final Leaders leaders = new ClusterLeaders(connections.metadata(), partitioning.rack(), stuckBrokers::ids);

        @Override
        public void recordsParked(TopicQueue topic) {
            LoopTasks.post(loop, () -> {
                sender.sweepLater();
                lookUps.begin(topic);
            });
        }

        @Override
        public void workAppeared(PartitionQueue queue) {
            sender.workAppeared(queue);
        }

        @Override
        public void needsMemory() {
            if (unparkLater.compareAndSet(false, true)) {
                sender.awaitsMemory();
            }
        }

        @Override
        public Leaders leaders() {
            return leaders;
        }

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public void recordsFailed(TopicPartition partition, int records, Throwable reason) {
            if (loop.inLoop()) {
                listener.recordsFailed(partition, records, reason);
            } else {
                LoopTasks.post(loop, () -> listener.recordsFailed(partition, records, reason));
            }
        }

        void recordsFailed(Throwable reason) {
            Transactions of = transactions;
            if (of != null) {
                of.recordsFailed(reason);
            }
        }
    }

    /** Configures a producer. */
    public static <K, V> ProducerBuilder<K, V> builder(Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        return new ProducerBuilder<>(keySerializer, valueSerializer);
    }

    /** Sends a record without a key. */
    public CompletableFuture<RecordMetadata> send(String topic, @Nullable V value) {
        return intercepted(topic, null, null, null, value, headers(), /* mayWait= */ true);
    }

    /** Sends a record. */
    public CompletableFuture<RecordMetadata> send(String topic, @Nullable K key, @Nullable V value) {
        return intercepted(topic, null, null, key, value, headers(), /* mayWait= */ true);
    }

    /** Sends a record. */
    public CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record) {
        return intercepted(record.topic(), record.partition(), record.timestamp(), record.key(), record.value(), record.headers(), /* mayWait= */ true);
    }

    /** Sends a record without a key, if there is memory for it; otherwise the future has failed with {@link BufferExhaustedException}. */
    public CompletableFuture<RecordMetadata> trySend(String topic, @Nullable V value) {
        return intercepted(topic, null, null, null, value, headers(), /* mayWait= */ false);
    }

    /** Sends a record, if there is memory for it; otherwise the future has failed with {@link BufferExhaustedException}. */
    public CompletableFuture<RecordMetadata> trySend(String topic, @Nullable K key, @Nullable V value) {
        return intercepted(topic, null, null, key, value, headers(), /* mayWait= */ false);
    }

    /** Sends a record, if there is memory for it; otherwise the future has failed with {@link BufferExhaustedException}. */
    public CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record) {
        return intercepted(record.topic(), record.partition(), record.timestamp(), record.key(), record.value(), record.headers(), /* mayWait= */ false);
    }

    /** Those of a record that is sent without. */
    private Headers headers() {
        return usesHeaders ? new Headers() : Headers.none();
    }

    private CompletableFuture<RecordMetadata> intercepted(
            String topic, @Nullable Integer partition, @Nullable Long timestamp, @Nullable K key, @Nullable V value, Headers headers,
            boolean mayWait) {
        Interceptors<K, V> before = interceptors;
        if (before == null) {
            return send(topic, partition, timestamp, key, value, headers, mayWait);
        }
        ProducerRecord<K, V> record = before.onSend(new ProducerRecord<>(topic, partition, timestamp, key, value, headers));
        CompletableFuture<RecordMetadata> sent = send(
                record.topic(), record.partition(), record.timestamp(), record.key(), record.value(), record.headers(), mayWait);
        before.tellOutcome(record, sent);
        return sent;
    }

    private CompletableFuture<RecordMetadata> send(
            String topic, @Nullable Integer partition, @Nullable Long timestamp, @Nullable K key, @Nullable V value, Headers headers,
            boolean mayWait) {
        Objects.requireNonNull(topic, "topic");
        long transaction = NO_TRANSACTION;
        try {
            if (closed) {
                throw RecordAccumulator.closed(topic);
            }
            if (transactions != null) {
                transaction = transactions.gate().transaction();
            }
            byte[] keyBytes = Serialization.of(keySerializer, "key", topic, headers, key);
            byte[] valueBytes = Serialization.of(valueSerializer, "value", topic, headers, value);
            int size = BatchBuilder.maxRecordSize(keyBytes, valueBytes, headers);
            if (size > maxRecordSize) {
                throw Untaken.tooLarge(topic, key, size, maxRecordSize);
            }
            long time = timestamp == null ? loop.currentTimeMillis() : timestamp;
            SendFuture future = partitioning.own() == null
                    ? new SendFuture(time, size(keyBytes), size(valueBytes))
                    : new PlacedFuture(time, size(keyBytes), size(valueBytes));
            if (!append(transaction, topic, future, partition, keyBytes, valueBytes, headers, size, Priority.NEWCOMER)) {
                if (!mayWait) {
                    throw Untaken.exhausted(topic, size, pool, "");
                }
                appendWhenThereIsMemory(transaction, topic, future, partition, keyBytes, valueBytes, headers, size);
            }
            return future;
        } catch (KafkaException refused) {
            return failed(transaction, topic, refused);
        } catch (RuntimeException | Error wrong) { // headers that another thread changes meanwhile, a serializer's assertion, no direct memory
            return failed(transaction, topic, Untaken.because(topic, wrong));
        }
    }

    private boolean append(
            long transaction, String topic, SendFuture future, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value,
            Headers headers, int size, Priority priority) {
        if (transactions == null) {
            return accumulator.append(topic, future, partition, key, value, headers, size, priority);
        }
        transactions.gate().enter(transaction);
        try {
            return accumulator.append(topic, future, partition, key, value, headers, size, priority);
        } finally {
            transactions.gate().leave();
        }
    }

    /** A record was not taken. If it is one of a transaction, that has failed with it: nobody need look at this future for the commit to be refused. */
    private CompletableFuture<RecordMetadata> failed(long transaction, String topic, KafkaException refused) {
        boolean isRefusedAnyway = refused instanceof TransactionStateException || refused instanceof ClientClosedException || refused.isFatal();
        if (transactions == null || transaction == NO_TRANSACTION || isRefusedAnyway || refused.requiresAbort()) {
            return CompletableFuture.failedFuture(refused);
        }
        SendException told = SendException.inTransaction(String.valueOf(refused.getMessage()), topic, -1, Persistence.NOT_PERSISTED, refused);
        transactions.sendFailed(transaction, told);
        return CompletableFuture.failedFuture(told);
    }

    private static int size(byte @Nullable [] bytes) {
        return bytes == null ? -1 : bytes.length;
    }

    private void appendWhenThereIsMemory(
            long transaction, String topic, SendFuture future, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value, Headers headers,
            int size) {
        listener.bufferExhausted();
        try {
            sender.awaitsMemory();
            boolean isIn = memoryLine.await(size, maxBlock, () -> closed,
                    () -> append(transaction, topic, future, partition, key, value, headers, size, Priority.FIRST_IN_LINE));
            if (!isIn && closed) {
                throw RecordAccumulator.closed();
            }
            if (!isIn) {
                throw Untaken.exhausted(topic, size, pool, " within " + Times.text(maxBlock) + " (" + ProducerConfig.MAX_BLOCK.name() + ")");
            }
        } finally {
            sender.memoryAwaited();
        }
    }

    private void memoryCameBack() {
        memoryLine.look();
        if (unparkLater.get() && unparkLater.compareAndSet(true, false)) {
            sender.memoryAwaited();
            LoopTasks.post(loop, accumulator::unpark);
        }
    }

    /** Sends what lingers, without waiting for it; the future completes when everything sent before this call was acknowledged or has failed. */
    public CompletableFuture<Void> flushAsync() {
        return connections.handOver(() -> new Flush(accumulator, sender).start());
    }

    /** Sends what lingers and waits for it, for up to {@code default.api.timeout.ms}. */
    public void flush() {
        flush(apiTimeout);
    }

    /**
     * Sends what lingers and waits until everything sent before this call was acknowledged or has failed.
     *
     * @throws dev.kafkaboot.client.TimeoutException if that takes longer than the limit; the records are still on their way
     */
    public void flush(Duration limit) {
        loop.join(flushAsync(), limit, () -> "the acknowledgement of what was sent; " + pool.used() + " bytes are still buffered");
    }

    /**
     * Fails what was sent and is not acknowledged, at once: nobody wants it any more. What is sent from now on goes its way.
     *
     * <p>What waits fails as not written, unless an earlier attempt may have been; what is in flight as possibly written, and its memory comes back when the
     * broker has answered.
     *
     * @param what whether that concerns what is in flight
     * @return completes when the failures are under way to those who hold the futures; fails if the producer is closed
     */
    public CompletableFuture<Void> purge(Purge what) {
        return connections.handOver(() -> {
            sender.purge(what);
            return CompletableFuture.completedFuture(null);
        });
    }

    /**
     * The partitions of a topic.
     *
     * @throws dev.kafkaboot.client.UnknownTopicException if there is no such topic
     * @throws dev.kafkaboot.client.TimeoutException if no broker told within {@code max.block.ms}
     */
    public List<PartitionInfo> partitionsFor(String topic) {
        Duration limit = Duration.ofNanos(Times.nanos(maxBlock)).plus(LAST_WORDS);
        return loop.join(connections.metadata().topic(topic, maxBlock, /* autoCreate= */ true), limit, () -> "the partitions of '" + topic + "'")
                .partitions();
    }

    // ---- transactions

    /**
     * Makes a transactional producer ready: gets its producer id and epoch from the coordinator, which fences every producer with the same
     * {@code transactional.id} that began before and aborts what that left open, prepared or not. Does nothing if that is done. The limit is {@code max.block.ms}.
     *
     * @throws dev.kafkaboot.client.TimeoutException if it takes longer; it goes on, and another call waits for it
     * @throws KafkaException if it cannot be done; {@link KafkaException#isFatal()} says so
     */
    public void initTransactions() {
        initTransactions(maxBlock);
    }

    /** As {@link #initTransactions()}, with a limit. */
    public void initTransactions(Duration limit) {
        calls.join(initTransactionsAsync(limit), limit, "the producer id");
    }

    /** As {@link #initTransactions()}, with a limit, without waiting. */
    public CompletableFuture<Void> initTransactionsAsync(Duration limit) {
        return calls.onLoop(known -> known.init(/* keep= */ false, limit).thenApply(kept -> null));
    }

    /**
     * As {@link #initTransactions()}, but a transaction that the producer before left open may be kept, for {@link #completeTransaction} to end. Brokers keep any
     * that is open, prepared or not: whether it is the one that was prepared is what {@code completeTransaction} looks at (KIP-939). No broker up to 4.4 does that.
     *
     * @param keepPrepared whether to keep it; that takes {@code transaction.two.phase.commit.enable}
     * @return the transaction that was kept; {@link PreparedTxnState#hasTransaction()} says whether there was one
     * @throws dev.kafkaboot.client.TwoPhaseCommitException if the brokers do not do that; then nothing was aborted
     */
    public PreparedTxnState initTransactions(boolean keepPrepared) {
        return initTransactions(keepPrepared, maxBlock);
    }

    /** As {@link #initTransactions(boolean)}, with a limit. */
    public PreparedTxnState initTransactions(boolean keepPrepared, Duration limit) {
        return calls.join(initTransactionsAsync(keepPrepared, limit), limit, "the producer id");
    }

    /** As {@link #initTransactions(boolean)}, with a limit, without waiting. */
    public CompletableFuture<PreparedTxnState> initTransactionsAsync(boolean keepPrepared, Duration limit) {
        return calls.onLoop(known -> known.init(keepPrepared, limit));
    }

    /**
     * Begins a transaction. What is sent from now on is part of it. The limit is {@code max.block.ms}; there is something to wait for only if a request of the
     * transaction before may still be under way, on brokers before 4.0.
     *
     * @throws dev.kafkaboot.client.TransactionStateException if the producer is not ready for it
     */
    public void beginTransaction() {
        beginTransaction(maxBlock);
    }

    /** As {@link #beginTransaction()}, with a limit. */
    public void beginTransaction(Duration limit) {
        calls.join(beginTransactionAsync(limit), limit, "the beginning of a transaction");
    }

    /** As {@link #beginTransaction()}, with a limit, without waiting. Nothing can be sent before the future is complete. */
    public CompletableFuture<Void> beginTransactionAsync(Duration limit) {
        return calls.onLoop(known -> known.begin(limit));
    }

    /**
     * Commits the offsets of a consumer's group with the transaction: they count if it is committed. They are those that a consumer begins with again, the
     * next to be read and not the last ones processed (KIP-447).
     *
     * @param offsets the offsets of partitions that the consumer has
     * @param group who the consumer is in its group ({@code records.groupMetadata()}), so that a member that has lost its partitions cannot commit
     * @throws KafkaException if they cannot be; then the transaction must be aborted
     */
    public void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        sendOffsets(offsets, group, maxBlock);
    }

    /** As {@link #sendOffsets(Map, ConsumerGroupMetadata)}, with a limit, after which the transaction must be aborted. */
    public void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group, Duration limit) {
        calls.join(sendOffsetsAsync(offsets, group, limit), limit, "the offsets of group '" + group.groupId() + "'");
    }

    /** As {@link #sendOffsets(Map, ConsumerGroupMetadata)}, with a limit, without waiting. A commit waits for it. */
    public CompletableFuture<Void> sendOffsetsAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group, Duration limit) {
        Map<TopicPartition, OffsetAndMetadata> copy = Collections.unmodifiableMap(new LinkedHashMap<>(offsets));
        return calls.onLoop(known -> known.sendOffsets(copy, group, limit));
    }

    /**
     * Sends what was sent in the transaction, waits for it, and leaves the transaction to be decided on by somebody else: it is open until
     * {@link #completeTransaction} (or {@link #commitTransaction()} or {@link #abortTransaction()}), and nothing else can be done before. Closing the producer does
     * not end it. It takes {@code transaction.two.phase.commit.enable} (KIP-939). The limit is {@code max.block.ms}.
     *
     * @return which transaction it is, to be stored with the decision; {@linkplain PreparedTxnState#hasTransaction() none} if it holds nothing
     * @throws KafkaException as {@link #commitTransaction()} does before it asks the coordinator
     */
    public PreparedTxnState prepareTransaction() {
        return prepareTransaction(maxBlock);
    }

    /** As {@link #prepareTransaction()}, with a limit. */
    public PreparedTxnState prepareTransaction(Duration limit) {
        return calls.joinEnd(known -> known.prepare(limit), limit, "the preparation of the transaction");
    }

    /** As {@link #prepareTransaction()}, with a limit, without waiting. */
    public CompletableFuture<PreparedTxnState> prepareTransactionAsync(Duration limit) {
        return calls.ending(known -> known.prepare(limit));
    }

    /**
     * Ends the transaction that this producer has prepared or {@linkplain #initTransactions(boolean) kept}: commits it if it is the one that is given, which was
     * decided to be committed, and aborts it if it is another. The limit is {@code max.block.ms}.
     *
     * @param decided the transaction that is to be committed; one that {@linkplain PreparedTxnState#hasTransaction() is none} if none is
     * @throws dev.kafkaboot.client.TransactionStateException if there is no prepared transaction
     * @throws KafkaException as {@link #commitTransaction()} and {@link #abortTransaction()} do
     */
    public void completeTransaction(PreparedTxnState decided) {
        completeTransaction(decided, maxBlock);
    }

    /** As {@link #completeTransaction(PreparedTxnState)}, with a limit. */
    public void completeTransaction(PreparedTxnState decided, Duration limit) {
        calls.joinCommit(known -> known.complete(decided, limit), limit, "the completion of the transaction");
    }

    /** As {@link #completeTransaction(PreparedTxnState)}, with a limit, without waiting. */
    public CompletableFuture<Void> completeTransactionAsync(PreparedTxnState decided, Duration limit) {
        return calls.ending(known -> known.complete(decided, limit));
    }

    /**
     * Sends what was sent in the transaction, waits for it, and commits. The limit is {@code max.block.ms}.
     *
     * @throws KafkaException if a record or an offset has failed, or was not acknowledged in time: {@link KafkaException#requiresAbort()} says that the
     *     transaction must be aborted
     * @throws dev.kafkaboot.client.UnknownCommitOutcomeException if the coordinator was asked to commit and did not answer in time, or the calling thread cannot know
     *     whether it was asked; another call waits on, unless {@link KafkaException#isFatal()} says that there will be no answer, as when the producer is closed
     */
    public void commitTransaction() {
        commitTransaction(maxBlock);
    }

    /** As {@link #commitTransaction()}, with a limit. */
    public void commitTransaction(Duration limit) {
        calls.joinCommit(known -> known.commit(limit), limit, "the commit");
    }

    /** As {@link #commitTransaction()}, with a limit, without waiting. */
    public CompletableFuture<Void> commitTransactionAsync(Duration limit) {
        return calls.ending(known -> known.commit(limit));
    }

    /**
     * Drops what was not sent, waits for what is under way, and aborts. The limit is {@code max.block.ms}.
     *
     * @throws dev.kafkaboot.client.TimeoutException if it takes longer; it goes on, and another call waits for it
     */
    public void abortTransaction() {
        abortTransaction(maxBlock);
    }

    /** As {@link #abortTransaction()}, with a limit. */
    public void abortTransaction(Duration limit) {
        calls.joinEnd(known -> known.abort(limit), limit, "the abort");
    }

    /** As {@link #abortTransaction()}, with a limit, without waiting. */
    public CompletableFuture<Void> abortTransactionAsync(Duration limit) {
        return calls.ending(known -> known.abort(limit));
    }

    /**
     * Runs something in a transaction: {@linkplain #initTransactions() initialises} the producer if need be (but not one that takes part in two-phase commits: that
     * would abort what is prepared), begins, runs the body, and commits. If the body or
     * the commit throws, the transaction is aborted and the same is thrown; what the abort throws is suppressed by it. Nothing is aborted behind a commit that has
     * failed for good, or whose outcome is unknown, unless it turns out later that nothing was committed. The limit of each step is {@code max.block.ms}.
     *
     * <p>A thread that is interrupted meanwhile waits for the step all the same, and is interrupted still when this is over: so what is told of the transaction is
     * what became of it. What the body does ends as it does elsewhere.
     *
     * @param <E> what the body may throw
     * @throws dev.kafkaboot.client.InterruptException if the thread is interrupted beforehand; then nothing is begun
     */
    public <E extends Exception> void inTransaction(Transaction.Body<K, V, E> body) throws E {
        calls.begin(maxBlock);
        new Transaction<>(this, calls, maxBlock).run(body);
    }

    /** Memory that is in use, in bytes: what waits to be sent or acknowledged. */
    public long bufferedBytes() {
        return pool.used();
    }

    /** The memory that there is, in bytes: {@code buffer.memory}. */
    public long bufferCapacityBytes() {
        return pool.capacity();
    }

    /** The id under which brokers know this producer's metrics (KIP-714); see {@link ClientTelemetry#clientInstanceId}, which this waits for. */
    public Uuid clientInstanceId(Duration limit) {
        return telemetry.awaitClientInstanceId(limit);
    }

    /** Where the application registers metrics of its own that this producer pushes to brokers that ask for them (KIP-1076). */
    public ApplicationMetrics applicationMetrics() {
        return telemetry.applicationMetrics();
    }

    /** Closes, waiting for up to 30 seconds for what was sent. */
    @Override
    public void close() {
        close(CLOSE_LIMIT);
    }

    /**
     * Takes no more records, sends what there is, and fails what is not acknowledged within the limit. A transaction that is open is aborted, one that is being
     * committed is waited for. A second call does nothing. On the event loop's thread, which must not wait, what is not acknowledged fails at once.
     *
     * @param limit how long to wait; the call ends within it, and a little
     * @throws dev.kafkaboot.client.InterruptException if the calling thread is interrupted; the producer is closed all the same
     */
    public void close(Duration limit) {
        if (!closing.compareAndSet(false, true)) {
            await(ended, limit);
            return;
        }
        closed = true;
        memoryLine.look();
        long deadline = loop.nanoTime() + Times.nanos(limit);
        CompletableFuture<Void> sent = new CompletableFuture<>();
        CompletableFuture<Void> told = new CompletableFuture<>();
        CloseSteps steps = new CloseSteps();
        steps.take(() -> {
            LoopTasks.post(loop, () -> finish(limit).whenComplete((flushed, failure) -> sent.complete(null)));
            await(sent, limit);
        });
        steps.take(() -> telemetry.end(Duration.ofNanos(deadline - loop.nanoTime())));
        steps.take(() -> {
            LoopTasks.post(loop, () -> {
                end("the producer was closed before it was acknowledged");
                untilEnd.remove(); // not before: if the loop ends first, its end is this producer's
                loop.callbacks().execute(() -> told.complete(null));
            });
            Duration left = Duration.ofNanos(Math.max(0, deadline - loop.nanoTime()));
            await(told, left.compareTo(LAST_WORDS) > 0 ? left : LAST_WORDS);
        });
        steps.take(() -> connections.close(LAST_WORDS));
        steps.take(batchings::close);
        Partitioner own = partitioning.own();
        if (own != null) {
            steps.take(own::close);
        }
        steps.take(keySerializer::close);
        steps.take(valueSerializer::close);
        Interceptors<K, V> asked = interceptors;
        if (asked != null) {
            steps.take(asked::close);
        }
        ended.complete(null);
        steps.finish();
    }

    /** Sends what there is; but what a transaction holds that nobody asked to commit is not to be written. */
    private CompletableFuture<Void> finish(Duration limit) {
        return transactions == null ? new Flush(accumulator, sender).start().thenCompose(flushed -> connections.sent()) : transactions.abortOrAwait(limit);
    }

    private void await(CompletableFuture<Void> future, Duration limit) {
        if (loop.inLoop()) {
            return;
        }
        try {
            loop.await(future, limit);
        } catch (ClientClosedException loopEnded) {
            // Everything is failed with it.
        }
    }

    /** Takes no more records and fails what there is. On the loop; once or more. */
    private void end(String why) {
        closed = true;
        if (transactions != null) {
            transactions.end(RecordAccumulator.closed());
        }
        sender.end(RecordAccumulator.closed(), why);
        memoryLine.look();
        lookUps.end();
        stuckBrokers.end();
    }
}
