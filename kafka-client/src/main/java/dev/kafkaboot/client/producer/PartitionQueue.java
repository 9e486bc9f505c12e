package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.CompressionType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one partition, oldest first: at most one in flight, then the closed ones, then the open one that takes records.
 *
 * <p>While nothing is ahead of it, the open batch is full at {@code batch.size}. Once something is, it grows instead of making a queue of small ones,
 * because a request holds one batch of a partition: the depth has to be in the batch.
 *
 * <p>Appending threads and the loop meet under this object's lock, which is held for the time of an append and, where batches are compressed, of
 * closing one.
 */
final class PartitionQueue {

    /** How large a batch grows before it is compressed: large enough to compress well, small enough not to keep others waiting. */
    private static final int COMPRESSION_UNIT = 256 * 1024;

    /** What became of an append. */
    enum Appended {
        /** It is in, and nobody has to be told. */
        QUIETLY,
        /** It is in, and the sender must look at the partition: there is a first record, or a full batch. */
        TELL_SENDER,
        /** There is no memory. */
        NO_MEMORY
    }

    private final TopicPartition partition;
    private final RecordAccumulator.Settings settings;
    private final Deque<ProducerBatch> ready = new ArrayDeque<>();
    private @Nullable ProducerBatch open;
    private @Nullable ProducerBatch inFlight;
    private int growthLimit;

    /** Whether the sender knows that there is something here; it forgets when it finds nothing. */
    private boolean known;

    // Of the loop alone:
    private boolean queued;
    private int failures;
    private long retryAtNanos;
    private boolean retryTimerSet;

    PartitionQueue(TopicPartition partition, RecordAccumulator.Settings settings) {
        this.partition = partition;
        this.settings = settings;
        int largest = settings.maxBatchSize();
        this.growthLimit = settings.codec().type() == CompressionType.NONE
                ? largest
                : Math.min(largest, Math.max(settings.batchSize(), COMPRESSION_UNIT));
    }

    TopicPartition partition() {
        return partition;
    }

    /** Appends a record. Any thread. */
    synchronized Appended append(
            SendFuture future, long timestamp, byte @Nullable [] key, byte @Nullable [] value, HeaderList headers, int maxRecordSize) {
        ProducerBatch batch = open;
        boolean closedOne = false;
        if (batch != null && !hasRoom(batch, maxRecordSize)) {
            closeOpen();
            batch = null;
            closedOne = true;
        }
        if (batch == null) {
            batch = new ProducerBatch(partition, settings.pool(), settings.pool().chunkSize(), settings.loop().nanoTime());
        }
        if (!batch.append(future, timestamp, key, value, headers)) {
            // What there is must leave before there is memory again.
            known |= closedOne;
            return Appended.NO_MEMORY;
        }
        open = batch;
        boolean full = batch.sizeInBytes() >= settings.batchSize() && !isBacklogged();
        if (known && !full && !closedOne) {
            return Appended.QUIETLY;
        }
        known = true;
        return Appended.TELL_SENDER;
    }

    private boolean hasRoom(ProducerBatch batch, int recordSize) {
        int limit = isBacklogged() ? growthLimit : Math.min(growthLimit, settings.batchSize());
        return batch.sizeInBytes() + recordSize <= limit;
    }

    private boolean isBacklogged() {
        return inFlight != null || !ready.isEmpty();
    }

    private void closeOpen() {
        ProducerBatch batch = open;
        if (batch != null) {
            batch.close(settings.codec());
            ready.addLast(batch);
            open = null;
        }
    }

    /**
     * When the next batch is to be sent: 0 for now, nanoseconds to wait for its linger, or -1 if there is none or one is under way. On the loop.
     *
     * @param hurry whether lingering is over: the producer flushes, closes, or is out of memory
     */
    synchronized long nextDueIn(long nowNanos, boolean hurry) {
        if (inFlight != null) {
            return -1;
        }
        if (!ready.isEmpty()) {
            return 0;
        }
        ProducerBatch batch = open;
        if (batch == null) {
            known = false;
            return -1;
        }
        if (hurry || batch.sizeInBytes() >= settings.batchSize()) {
            return 0;
        }
        return Math.max(0, batch.createdNanos() + settings.lingerNanos() - nowNanos);
    }

    /** The size of the batch that would be sent, or 0. On the loop. */
    synchronized int nextSize() {
        ProducerBatch first = ready.peekFirst();
        if (first == null) {
            first = open;
        }
        return first == null || inFlight != null ? 0 : first.sizeInBytes();
    }

    /** Takes the oldest batch and makes it the one in flight; null if there is none or one is under way. On the loop. */
    synchronized @Nullable ProducerBatch takeNext() {
        if (inFlight != null) {
            return null;
        }
        if (ready.isEmpty()) {
            closeOpen();
        }
        inFlight = ready.pollFirst();
        return inFlight;
    }

    /** The batch in flight is over with. On the loop. */
    synchronized void finished() {
        inFlight = null;
    }

    /** The batch in flight goes back to where it was, to be sent again. On the loop. */
    synchronized void putBack(ProducerBatch batch) {
        inFlight = null;
        ready.addFirst(batch);
    }

    /** The batch in flight is replaced by what it was split into. On the loop. */
    synchronized void replace(List<ProducerBatch> parts, int largest) {
        inFlight = null;
        growthLimit = Math.min(growthLimit, Math.max(largest, BatchBuilder.OVERHEAD + 1));
        for (int i = parts.size() - 1; i >= 0; i--) {
            ready.addFirst(parts.get(i));
        }
    }

    /** All batches that are not finished, oldest first. On the loop. */
    synchronized List<ProducerBatch> unfinished() {
        List<ProducerBatch> all = new ArrayList<>(ready.size() + 2);
        if (inFlight != null) {
            all.add(inFlight);
        }
        all.addAll(ready);
        if (open != null) {
            all.add(open);
        }
        return all;
    }

    /** Takes away all batches that are not in flight, oldest first. On the loop. */
    synchronized List<ProducerBatch> takeWaiting() {
        closeOpenPlainly();
        List<ProducerBatch> all = new ArrayList<>(ready);
        ready.clear();
        return all;
    }

    /** Closes the open batch without compressing what will not be sent. */
    private void closeOpenPlainly() {
        ProducerBatch batch = open;
        if (batch != null) {
            batch.close(Codec.NONE);
            ready.addLast(batch);
            open = null;
        }
    }

    /** When the oldest batch was begun, in nanoseconds of the loop's clock; {@link Long#MAX_VALUE} if there is none. On the loop. */
    synchronized long oldestNanos() {
        ProducerBatch oldest = inFlight != null && !inFlight.isCompleted() ? inFlight : ready.peekFirst();
        if (oldest == null) {
            oldest = open;
        }
        return oldest == null ? Long.MAX_VALUE : oldest.createdNanos();
    }

    ChunkSource memory() {
        return settings.pool();
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

    boolean isTimerSet() {
        return retryTimerSet;
    }

    void timerSet(boolean value) {
        retryTimerSet = value;
    }
}
