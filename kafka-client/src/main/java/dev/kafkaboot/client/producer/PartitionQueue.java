package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.CompressionType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one partition, oldest first: those that were sent ({@link SentBatches}), then the closed ones, then the open one that takes records.
 *
 * <p><b>Depth.</b> While nothing is ahead of it, the open batch is full at {@code batch.size}. Once something is, it grows instead of making a queue of
 * small ones, because a request holds one batch of a partition: the depth has to be in the batch. What is in flight keeps it back only as long as
 * {@link SentBatches} says, so that a slow network does not make records wait for two round trips.
 *
 * <p><b>Who compresses.</b> The thread whose record fills a batch closes and compresses it, outside the lock: others go on with the next batch. The loop
 * compresses what nobody filled. A larger one that it could send now it first leaves to the next sender for a moment ({@link #PATIENCE_NANOS}), and
 * does it itself only if none comes: all partitions wait for the loop.
 *
 * <p>Appending threads and the loop meet under this object's lock, which is held for the time of an append.
 */
final class PartitionQueue {

    /** What {@link #nextDueIn} answers when there is nothing to send, or something is under way that comes back by itself. */
    static final long NOTHING = -1;

    /** For {@link #append}: the record was sent now. The clock is read only if it begins a batch. */
    static final long NOW = Long.MIN_VALUE;

    /** How large a batch grows before it is compressed: large enough to compress well, small enough not to keep others waiting. */
    private static final int COMPRESSION_UNIT = 256 * 1024;

    /** What the loop compresses without asking: some ten microseconds' work. */
    private static final int COMPRESSED_BY_LOOP = 32 * 1024;

    private static final long PATIENCE_NANOS = 1_000_000;

    /** What became of an append. */
    enum Appended {
        /** It is in, and nobody has to be told. */
        QUIETLY,
        /** It is in, and the sender must look at the partition: there is a first record, or a closed batch. */
        TELL_SENDER,
        /** There is no memory. */
        NO_MEMORY,
        /** The producer is closed. */
        ENDED
    }

    private final TopicPartition partition;
    private final RecordAccumulator.Settings settings;
    private final Batching batching;
    private final boolean compresses;
    private final PartitionSequences sequences = new PartitionSequences();
    private final Deque<ProducerBatch> closed = new ArrayDeque<>();
    private final SentBatches sent;
    private @Nullable ProducerBatch open;
    private int growthLimit;
    private boolean ended;

    /** Whether its transaction is over, so that nothing can be sent before the next one admits it. */
    private boolean barred;

    /** Whether the sender knows that there is something here; it forgets when it finds nothing. */
    private boolean known;

    /** Whether the loop would send the open batch, if somebody closed it. */
    private boolean wanted;

    private long wantedUntilNanos;

    /** Bytes that came in since records without keys come here. A thread reads it behind its own append; what others add meanwhile does not matter. */
    private int turnBytes;

    // Of the loop alone:
    private boolean queued;
    private int failures;
    private long retryAtNanos;
    private @Nullable Timer timer;
    private long timerNanos;

    PartitionQueue(TopicPartition partition, RecordAccumulator.Settings settings) {
        this.partition = partition;
        this.settings = settings;
        this.batching = settings.batchings().of(partition.topic());
        this.compresses = batching.codec().type() != CompressionType.NONE;
        this.sent = new SentBatches(settings.idempotent() ? Math.min(settings.maxInFlight(), SentBatches.MOST_IN_FLIGHT) : 1);
        int largest = settings.maxBatchSize();
        this.growthLimit = compresses ? Math.min(largest, Math.max(batching.batchSize(), COMPRESSION_UNIT)) : largest;
    }

    TopicPartition partition() {
        return partition;
    }

    /**
     * Appends a record. Any thread. If it throws, the record is not in, and the sender must look at the partition all the same: a batch may have been
     * closed.
     *
     * @param size the most bytes that it can take
     * @param priority who asks, should memory be needed
     * @param sinceNanos when it was sent, in nanoseconds of the loop's clock, or {@link #NOW}; no later than what comes behind it
     */
    Appended append(
            SendFuture future, byte @Nullable [] key, byte @Nullable [] value, HeaderList headers, int size, ChunkPool.Priority priority,
            long sinceNanos) {
        ProducerBatch before = null;
        ProducerBatch full = null;
        Appended outcome;
        try {
            synchronized (this) {
                if (ended) {
                    return Appended.ENDED;
                }
                ProducerBatch batch = open;
                if (batch != null && (wanted || !hasRoom(batch, size))) {
                    before = seal(batch);
                    batch = null;
                }
                outcome = appendTo(batch, future, key, value, headers, priority, sinceNanos);
                batch = open;
                if (batch != null && outcome != Appended.NO_MEMORY && !hasRoom(batch, size)) {
                    full = seal(batch); // there is no room for another one like this
                    turnBytes = Integer.MAX_VALUE / 2;
                }
            }
        } finally { // a record that cannot be written must not leave a batch behind that everybody takes for being closed by somebody
            compress(before);
            compress(full);
        }
        return before == null && full == null || outcome == Appended.NO_MEMORY ? outcome : Appended.TELL_SENDER;
    }

    private Appended appendTo(
            @Nullable ProducerBatch existing, SendFuture future, byte @Nullable [] key, byte @Nullable [] value, HeaderList headers,
            ChunkPool.Priority priority, long sinceNanos) {
        ProducerBatch batch = existing;
        int sizeBefore = 0;
        if (batch == null) {
            long created = sinceNanos == NOW ? settings.loop().nanoTime() : sinceNanos;
            batch = new ProducerBatch(partition, settings.pool(), settings.pool().chunkSize(), created);
        } else {
            sizeBefore = batch.sizeInBytes();
        }
        boolean isIn = false;
        try {
            isIn = batch.append(future, key, value, headers, settings.pool().as(priority));
        } finally {
            if (!isIn && existing == null) {
                batch.discard();
            }
        }
        if (!isIn) {
            return Appended.NO_MEMORY;
        }
        open = batch;
        turnBytes += batch.sizeInBytes() - sizeBefore;
        if (known) {
            return Appended.QUIETLY;
        }
        known = true;
        return Appended.TELL_SENDER;
    }

    /** The sender could not be told: whoever appends next tells it. Any thread. */
    synchronized void untold() {
        known = false;
    }

    private boolean hasRoom(ProducerBatch batch, int recordSize) {
        int limit = isBacklogged() ? growthLimit : Math.min(growthLimit, batching.batchSize());
        return batch.sizeInBytes() + recordSize <= limit;
    }

    private boolean isBacklogged() {
        return !sent.isEmpty() || !closed.isEmpty();
    }

    /** Closes the open batch; the caller compresses it outside the lock. */
    private ProducerBatch seal(ProducerBatch batch) {
        batch.seal();
        open = null;
        wanted = false;
        closed.addLast(batch);
        if (!compresses) {
            batch.ready();
        }
        return batch;
    }

    private void compress(@Nullable ProducerBatch sealed) {
        if (sealed == null || !compresses) {
            return;
        }
        try {
            sealed.compress(batching.codec());
        } finally {
            synchronized (this) {
                sealed.ready();
            }
        }
        settings.pool().tellFreed(); // it needs less than it had
    }

    /** Whether records without keys have filled a batch here and should go elsewhere. Any thread. */
    @SuppressWarnings("GuardedBy") // see the field
    boolean isTurnOver() {
        return turnBytes >= batching.batchSize();
    }

    /** Records without keys come here from now on. Any thread. */
    synchronized void beginTurn() {
        turnBytes = 0;
    }

    /**
     * What waits to be sent or acknowledged beyond a batch that is in flight and one that fills, in bytes: those are there where all goes well, and more of a
     * batch's time if the broker is farther away. Any thread.
     */
    synchronized long backlogBytes() {
        long bytes = -2L * batching.batchSize();
        for (ProducerBatch each : unfinished()) {
            bytes += each == open ? each.sizeInBytes() : each.uncompressedSize(); // a closed one may be under somebody's compression
        }
        return Math.max(0, bytes);
    }

    /** When the oldest batch that is not in flight was or is to be sent, in nanoseconds of the loop's clock; null if there is none. On the loop. */
    synchronized @Nullable Long dueNanos() {
        ProducerBatch first = oldestUnsent();
        return first == null ? null : first.createdNanos() + batching.lingerNanos();
    }

    /**
     * When the next batch is to be sent: 0 for now, nanoseconds to wait, or {@link #NOTHING}. On the loop.
     *
     * @param hurry whether lingering is over: the producer flushes, closes, or is out of memory
     * @param destination where it would go
     */
    synchronized long nextDueIn(long nowNanos, boolean hurry, Destination destination) {
        ProducerBatch batch = oldestUnsent();
        if (batch == null) {
            known = false;
            return NOTHING;
        }
        if (!sent.mayFollow(batch, sequences.identity(), destination, nowNanos)) {
            return NOTHING; // what is in flight comes back
        }
        long pace = Math.max(0, sent.paceNanos(nowNanos));
        if (batch != open) {
            return batch.isClosing() ? NOTHING : pace; // whoever compresses it tells
        }
        long lingers = Math.max(pace, lingers(batch, hurry) - (nowNanos - batch.createdNanos()));
        if (lingers > 0) {
            return lingers;
        }
        return !hurry && compresses && batch.sizeInBytes() > COMPRESSED_BY_LOOP ? patience(nowNanos) : 0;
    }

    /**
     * Whether a batch that still lingers may as well go with others to the same broker: it has lingered for half of its time. So partitions that get records
     * evenly share requests instead of each having its own, and one that gets few beside one that gets many does not send each record alone. On the loop.
     */
    synchronized boolean mayGoAlong(long nowNanos, Destination destination) {
        ProducerBatch batch = next(destination, nowNanos);
        return batch != null && batch == open && sent.paceNanos(nowNanos) <= 0
                && nowNanos - batch.createdNanos() >= batching.lingerNanos() / 2
                && !(compresses && batch.sizeInBytes() > COMPRESSED_BY_LOOP);
    }

    /** How long the open batch takes records, in nanoseconds. */
    private long lingers(ProducerBatch batch, boolean hurry) {
        return hurry || batch.sizeInBytes() >= batching.batchSize() ? 0 : batching.lingerNanos();
    }

    /** The batch that is to be sent next, or null if there is nothing that is not in flight. */
    private @Nullable ProducerBatch oldestUnsent() {
        ProducerBatch retry = sent.nextRetry();
        if (retry != null) {
            return retry;
        }
        return closed.isEmpty() ? open : closed.peekFirst();
    }

    private long patience(long nowNanos) {
        if (!wanted) {
            wanted = true;
            wantedUntilNanos = nowNanos + PATIENCE_NANOS;
        }
        return Math.max(0, wantedUntilNanos - nowNanos);
    }

    /** Whether nothing can be taken before the partition has another {@linkplain #identify identity}. On the loop. */
    synchronized boolean needsIdentity() {
        return settings.idempotent() && (barred || !sequences.isReady());
    }

    /** From now on batches are sent as part of a transaction. Sequences go on where they were, unless the identity is another. On the loop. */
    synchronized void admit(ProducerIdentity producer) {
        barred = false;
        if (!producer.equals(sequences.identity())) {
            sequences.identify(producer);
        }
    }

    /** The transaction is over. On the loop. */
    synchronized void bar() {
        barred = true;
    }

    /** Whether a batch was given up, so that nobody knows which sequence the broker expects. On the loop. */
    synchronized boolean isBroken() {
        return sequences.identity() != null && !sequences.isReady();
    }

    private boolean isInTransaction() {
        ProducerIdentity producer = sequences.identity();
        return producer != null && producer.transactional() && !barred;
    }

    /** What the last batch was sent as, or null if none was, or not by an idempotent producer. On the loop. */
    synchronized @Nullable ProducerIdentity identity() {
        return sequences.identity();
    }

    /** From now on batches are sent as this. On the loop. */
    synchronized void identify(ProducerIdentity fresh) {
        sequences.identify(fresh);
    }

    /** Whether there is a batch to take. On the loop. */
    synchronized boolean hasNext(Destination destination) {
        return next(destination, settings.loop().nanoTime()) != null;
    }

    private @Nullable ProducerBatch next(Destination destination, long nowNanos) {
        ProducerBatch batch = oldestUnsent();
        if (batch == null || batch.isClosing() || batch.isCompleted() || needsIdentity() || backOffNanos(nowNanos) > 0) {
            return null;
        }
        return sent.mayFollow(batch, sequences.identity(), destination, nowNanos) ? batch : null;
    }

    /**
     * Takes the oldest batch that is not in flight, to be sent. On the loop.
     *
     * @param room what it may have at most
     * @param destination where it goes
     * @return null if there is none, or it has to wait for those that are in flight, or it is larger
     */
    @Nullable ProducerBatch takeNext(int room, Destination destination) {
        ProducerBatch batch;
        synchronized (this) {
            long now = settings.loop().nanoTime();
            batch = next(destination, now);
            if (batch == null || batch.sizeInBytes() > room) {
                return null;
            }
            if (batch == open) {
                seal(batch);
            }
            if (batch == closed.peekFirst()) {
                closed.removeFirst();
            }
            if (settings.idempotent()) {
                sequences.stamp(batch);
            }
            sent.take(batch, sequences.identity(), destination, now);
        }
        if (!batch.isReady()) {
            batch.compress(batching.codec());
            batch.ready();
            settings.pool().tellFreed();
        }
        return batch;
    }

    /** A batch in flight was written. On the loop. */
    synchronized void written(ProducerBatch batch) {
        sent.written(batch, sequences.identity(), settings.loop().nanoTime());
    }

    /** A batch in flight is over with, and is not known to be written. On the loop. */
    synchronized void givenUp(ProducerBatch batch) {
        sent.givenUp(batch);
        sequences.givenUp(batch);
    }

    /** A batch in flight has come back and stays where it was, to be sent again. On the loop. */
    synchronized void putBack(ProducerBatch batch) {
        sent.putBack(batch);
    }

    /** Nothing follows what is in flight until all of it has come back. On the loop. */
    synchronized void interrupt() {
        sent.interrupt();
    }

    /** Whether no batch before it is open: otherwise what becomes of it says nothing yet. On the loop. */
    synchronized boolean isFirst(ProducerBatch batch) {
        return sent.isFirst(batch);
    }

    /** Whether it was sent in another epoch than the next one would be. On the loop. */
    synchronized boolean isOfAnotherEpoch(ProducerBatch batch) {
        return sequences.isOfAnotherEpoch(batch);
    }

    /** A batch in flight, of which nothing can have been written, is not to be sent as what it was. On the loop. */
    synchronized void renew(ProducerBatch batch) {
        sequences.renew(batch);
    }

    /** A batch in flight is replaced by what it was split into; later ones are kept as small. On the loop. */
    synchronized void replace(ProducerBatch batch, List<ProducerBatch> parts, int largest) {
        growthLimit = Math.min(growthLimit, Math.max(largest, BatchBuilder.OVERHEAD + 1));
        PartitionSequences.takenApart(batch, parts);
        sent.replace(batch, parts);
    }

    /** Whether a batch was taken and is neither over with nor put back. On the loop. */
    synchronized boolean anyInFlight() {
        return sent.anyInFlight();
    }

    /** The batches that were taken and are neither over with nor put back, oldest first. On the loop. */
    synchronized List<ProducerBatch> inFlight() {
        return sent.inFlight();
    }

    /** All batches that are not over with, oldest first. On the loop. */
    synchronized List<ProducerBatch> unfinished() {
        List<ProducerBatch> all = new ArrayList<>(sent.all());
        all.addAll(closed);
        if (open != null) {
            all.add(open);
        }
        return all;
    }

    /**
     * What is not in flight.
     *
     * @param batches all of it, oldest first
     * @param ready those of it that were taken away, and are the caller's to free. The others are being compressed by somebody; they stay until that is done,
     *     and then come out of {@link #pollFailed()}.
     */
    record Waiting(List<ProducerBatch> batches, Set<ProducerBatch> ready) {}

    /**
     * Takes away what is not in flight, to be failed. On the loop.
     *
     * <p>The sender is to be told of the next record, even if the partition is in a line meanwhile: it may have stopped looking for what is out of time.
     */
    synchronized Waiting takeWaiting() {
        known = false;
        ProducerBatch batch = open;
        if (batch != null) {
            seal(batch);
            if (!batch.isReady()) {
                batch.compress(Codec.NONE);
                batch.ready();
            }
        }
        List<ProducerBatch> all = new ArrayList<>(sent.takeRetries());
        all.addAll(closed);
        Set<ProducerBatch> ready = new HashSet<>();
        for (ProducerBatch each : all) {
            if (each.isReady()) {
                ready.add(each);
                sequences.givenUp(each);
            }
        }
        closed.removeAll(ready);
        sent.interrupt();
        return new Waiting(all, ready);
    }

    /** Takes the oldest batch if it was failed while somebody compressed it, which is over now; the caller frees it. On the loop. */
    synchronized @Nullable ProducerBatch pollFailed() {
        ProducerBatch first = closed.peekFirst();
        return first != null && first.isReady() && first.isCompleted() ? closed.pollFirst() : null;
    }

    /** When the oldest batch was begun, in nanoseconds of the loop's clock; {@link Long#MAX_VALUE} if there is none whose outcome is open. On the loop. */
    synchronized long oldestNanos() {
        for (ProducerBatch batch : unfinished()) {
            if (!batch.isCompleted()) {
                return batch.createdNanos();
            }
        }
        return Long.MAX_VALUE;
    }

    /** Takes no more records. On the loop. */
    synchronized void end() {
        ended = true;
    }

    /** Takes no more records, until {@link #resume()}, if there is nothing here and the sender has no business with it. On the loop. */
    synchronized boolean endIfIdle() {
        if (ended || queued || open != null || !sent.isEmpty() || !closed.isEmpty() || isInTransaction()) {
            return false;
        }
        ended = true;
        return true;
    }

    /** Takes records again. On the loop. */
    synchronized void resume() {
        ended = false;
    }

    boolean isQueued() {
        return queued;
    }

    void queued(boolean value) {
        queued = value;
    }

    int failures() {
        return failures;
    }

    /** Counts a failure and waits. */
    void backOff(long untilNanos) {
        failures++;
        retryAtNanos = untilNanos;
    }

    void succeeded() {
        failures = 0;
    }

    /** Nanoseconds until it may be tried again; 0 or less for now. */
    long backOffNanos(long nowNanos) {
        return failures == 0 ? 0 : retryAtNanos - nowNanos;
    }

    /** Looks again after a time; of several, only the earliest counts. */
    void lookAgain(long nowNanos, long delayNanos, Consumer<PartitionQueue> look) {
        Timer set = timer;
        if (set != null && timerNanos - nowNanos <= delayNanos) {
            return;
        }
        if (set != null) {
            set.cancel();
        }
        timerNanos = nowNanos + delayNanos;
        timer = settings.loop().schedule(Duration.ofNanos(delayNanos), () -> {
            timer = null;
            look.accept(this);
        });
    }
}
