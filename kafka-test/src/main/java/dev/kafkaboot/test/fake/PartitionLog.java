package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.record.DecompressionLimits;
import dev.kafkaboot.record.RecordCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a partition holds: batches as they came, each at its offset, and all that a leader derives from them.
 *
 * <p>There is one log for all replicas. What distinguishes them is how far they are: the leader is at the {@link #endOffset}, the others, and all that
 * consumers may see, at the {@link #highWatermark}. {@link Replication} moves it.
 */
final class PartitionLog {

    /** There is one coordinator for all brokers, and it never begins anew. */
    private static final int COORDINATOR_EPOCH = 0;

    private final TopicSettings topic;
    private final Timers timers;
    private final Replication replication;
    private final BatchRules rules;
    private final TreeMap<Long, LogBatch> batches = new TreeMap<>();
    private final LeaderEpochs epochs = new LeaderEpochs();
    private final ProducerStates producers = new ProducerStates();
    private final TransactionIndex transactions = new TransactionIndex();
    private final Watchers watchers = new Watchers();
    private long startOffset;
    private long endOffset;
    private long highWatermark;
    private @Nullable LogBatch newest;

    PartitionLog(TopicSettings topic, Timers timers, Replication replication) {
        this.topic = topic;
        this.timers = timers;
        this.replication = replication;
        this.rules = new BatchRules(topic);
    }

    // ---- how far it goes

    /** The offset of the first record that was not deleted. */
    long startOffset() {
        return startOffset;
    }

    /** The offset that the next record gets. */
    long endOffset() {
        return endOffset;
    }

    /** The first offset that not all replicas that are in sync have. */
    long highWatermark() {
        return highWatermark;
    }

    /** The first offset that a read-committed consumer may not see yet. */
    long lastStableOffset() {
        long undecided = transactions.firstUndecided(highWatermark).orElse(highWatermark);
        return Math.max(startOffset, Math.min(undecided, highWatermark));
    }

    /** The size of all batches that are there. */
    long sizeInBytes() {
        return batches.values().stream().mapToLong(LogBatch::sizeInBytes).sum();
    }

    LeaderEpochs epochs() {
        return epochs;
    }

    TopicSettings topic() {
        return topic;
    }

    // ---- writing

    /**
     * Appends a batch of a client.
     *
     * @param batch its bytes are changed and kept
     * @param begunByWriting whether the partition is in the batch's transaction just because the batch comes (KIP-890)
     * @return where it is, or where it was put when it came before
     * @throws RefusedException if it is not what it should be, or not what its producer should send next
     */
    AppendResult append(LogBatch batch, int leaderEpoch, boolean begunByWriting) {
        long now = timers.nowMillis();
        rules.check(batch, now);
        if (batch.hasProducer()) {
            Optional<ProducerState.Written> duplicate = producers.findDuplicate(batch, now);
            if (duplicate.isPresent()) {
                return new AppendResult(duplicate.get().firstOffset(), duplicate.get().lastOffset(), duplicate.get().timestamp(), true);
            }
            producers.check(batch, begunByWriting, now);
        }
        if (topic.hasAppendTime()) {
            BatchBytes.stampAppendTime(batch.bytes(), now);
        }
        long baseOffset = endOffset;
        put(batch, leaderEpoch);
        return new AppendResult(baseOffset, batch.lastOffset(), topic.hasAppendTime() ? now : AppendResult.NO_APPEND_TIME, false);
    }

    /**
     * Appends a mark that ends a producer's transaction.
     *
     * @return the offset behind it
     * @throws RefusedException if the producer has a newer epoch
     */
    long appendMark(TransactionMarks.Mark mark, int leaderEpoch) {
        long now = timers.nowMillis();
        producers.checkMark(mark, now);
        LogBatch batch = LogBatch.of(BatchBytes.endOfTransaction(mark, COORDINATOR_EPOCH, now));
        put(batch, leaderEpoch);
        return batch.lastOffset() + 1;
    }

    /** Whoever waits for the batch is answered meanwhile, and may append the next one. */
    private void put(LogBatch batch, int leaderEpoch) {
        BatchBytes.place(batch.bytes(), endOffset, leaderEpoch);
        epochs.begin(leaderEpoch, endOffset);
        batches.put(endOffset, batch);
        noteTime(batch);
        derive(batch);
        endOffset = batch.lastOffset() + 1;
        replication.appended(endOffset);
    }

    private void noteTime(LogBatch batch) {
        if (newest == null || batch.header().maxTimestamp() > newest.header().maxTimestamp()) {
            newest = batch;
        }
    }

    private void derive(LogBatch batch) {
        if (!batch.hasProducer()) {
            return;
        }
        long producerId = batch.header().producerId();
        if (batch.header().isControlBatch()) {
            ProducerState state = producers.ofMark(batch);
            if (state.isInTransaction()) {
                transactions.ended(producerId, state.transactionStart(), batch.lastOffset(), batch.isCommit());
            }
            state.ended(batch, COORDINATOR_EPOCH);
        } else {
            ProducerState state = producers.wrote(batch);
            if (state.transactionStart() == batch.baseOffset()) {
                transactions.began(producerId, batch.baseOffset());
            }
        }
    }

    // ---- reading

    /**
     * The bytes of what lies between two offsets, from the beginning of the batch that the first is in.
     *
     * @param maxBytes what is more is cut off, in the middle of a batch if need be
     * @param wholeFirst whether the first batch is read even if it is larger
     */
    Slice read(long from, long to, int maxBytes, boolean wholeFirst) {
        List<ByteBuffer> parts = new ArrayList<>();
        long nextOffset = from;
        int room = maxBytes;
        for (LogBatch batch : between(from, to)) {
            int size = batch.sizeInBytes();
            boolean isTooLarge = size > room;
            if (isTooLarge && parts.isEmpty() && !wholeFirst) {
                break; // a piece alone would help nobody
            }
            int taken = isTooLarge && !parts.isEmpty() ? room : size;
            if (taken > 0) {
                parts.add(batch.bytes().duplicate().position(0).limit(taken));
                nextOffset = batch.lastOffset() + 1;
            }
            room -= taken;
            if (room <= 0) {
                break;
            }
        }
        return new Slice(Bytes.of(parts), nextOffset);
    }

    /** Some bytes of the log, and the offset behind the last batch in them. */
    record Slice(Bytes bytes, long nextOffset) {}

    /** The batches that have something between two offsets, the second excluded. */
    Collection<LogBatch> between(long from, long to) {
        Map.Entry<Long, LogBatch> first = batches.floorEntry(from);
        long firstKey = first != null && first.getValue().lastOffset() >= from ? first.getKey() : from;
        return firstKey >= to ? List.of() : batches.subMap(firstKey, to).values();
    }

    /** The aborted transactions that have something between two offsets. */
    List<TransactionIndex.Aborted> abortedWithin(long from, long to) {
        return transactions.abortedWithin(from, to);
    }

    /** The first record that is not older than a time. */
    Optional<TimedOffset> firstSince(long timestamp) {
        return between(startOffset, endOffset).stream()
                .map(batch -> firstSince(batch, timestamp, startOffset))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<TimedOffset> firstSince(LogBatch batch, long timestamp, long from) {
        if (batch.header().maxTimestamp() < timestamp) {
            return Optional.empty();
        }
        try (RecordCursor records = batch.header().cursor(DecompressionLimits.DEFAULT)) {
            while (records.next()) {
                if (records.timestamp() >= timestamp && records.offset() >= from) {
                    return Optional.of(new TimedOffset(records.offset(), records.timestamp(), batch.header().leaderEpoch()));
                }
            }
        }
        return Optional.empty();
    }

    /** The first of the newest records by time, even if it was deleted: a broker looks into its segments, and deleted records stay there for a while. */
    Optional<TimedOffset> newestByTime() {
        return newest == null ? Optional.empty() : firstSince(newest, newest.header().maxTimestamp(), newest.baseOffset());
    }

    /** A record's place, time and epoch. */
    record TimedOffset(long offset, long timestamp, int leaderEpoch) {}

    /** The producers that it knows. */
    Collection<ProducerState> producers() {
        return producers.all(timers.nowMillis());
    }

    /** Whether a producer has an open transaction here, in an epoch. */
    boolean isInTransaction(long producerId, short epoch) {
        ProducerState state = producers.find(producerId, timers.nowMillis());
        return state != null && state.isInTransaction() && state.epoch() == epoch;
    }

    // ---- what becomes of it

    /** A leader's epoch begins. */
    void epochBegins(int leaderEpoch) {
        epochs.begin(leaderEpoch, endOffset);
    }

    /** All replicas that are in sync have what is before an offset. */
    void replicatedTo(long offset) {
        highWatermark = Math.max(highWatermark, Math.min(offset, endOffset));
        wake();
    }

    /** Loses what is at an offset and behind it; a batch that the offset lies within is lost whole. */
    void truncateTo(long offset) {
        if (offset >= endOffset) {
            return;
        }
        batches.values().removeIf(batch -> batch.lastOffset() >= offset);
        endOffset = offset;
        startOffset = Math.min(startOffset, offset);
        highWatermark = Math.min(highWatermark, offset);
        epochs.truncateTo(offset);
        replication.truncated(offset);
        producers.clear();
        transactions.clear();
        newest = null;
        batches.values().forEach(this::noteTime);
        batches.values().forEach(this::derive);
        transactions.startAt(startOffset);
        wake();
    }

    /**
     * Deletes what is before an offset.
     *
     * @throws RefusedException if not all replicas have what is to be deleted
     */
    void deleteBefore(long offset) {
        if (offset < 0 || offset > highWatermark) {
            throw new RefusedException(
                    ErrorCode.OFFSET_OUT_OF_RANGE, "The offset " + offset + " is beyond the high watermark, " + highWatermark);
        }
        if (offset > startOffset) {
            startOffset = offset;
            batches.values().removeIf(batch -> batch.lastOffset() < offset);
            epochs.startAt(offset);
            transactions.startAt(offset);
            wake();
        }
    }

    /** Forgets a producer, as if it had written nothing for a day. */
    void forgetProducer(long producerId) {
        producers.forget(producerId);
    }

    // ---- those who wait for a change

    /** Calls when something changes: what is visible, who leads, whether it exists. */
    void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    /** Tells all that watch that something changed. */
    void wake() {
        watchers.tell();
    }
}
