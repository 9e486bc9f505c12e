package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.UnreadableBatchException;
import dev.kafkaboot.protocol.ProtocolException;
import dev.kafkaboot.protocol.message.FetchResponse.AbortedTransaction;
import dev.kafkaboot.record.ControlRecordType;
import dev.kafkaboot.record.CorruptRecordException;
import dev.kafkaboot.record.DecompressionLimits;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordBatches;
import dev.kafkaboot.record.RecordCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one answer brought of one partition: raw batches in the received frame, decoded by the thread that polls, a few records at a time. The frame goes
 * back when all of it was handed out or dropped.
 *
 * <p>Read by one thread at a time, the one that has taken the partition. {@link #close} may come from another, and waits for
 * nothing ({@link ReaderGate}).
 */
final class CompletedFetch implements AutoCloseable {

    private final TopicPartition partition;
    private final long epoch;
    private final FetchedFrame frame;
    private final Runnable onClosed;
    private final RecordBatches batches;
    private final ReaderGate gate = new ReaderGate();

    /** Sorted here, because brokers do not always: what has begun by a batch is aborted in it. */
    private final PriorityQueue<AbortedTransaction> aborted = new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));

    private final Set<Long> abortedProducers = new HashSet<>();

    private @Nullable RecordBatch batch;
    private @Nullable RecordCursor cursor;
    private Optional<Integer> batchEpoch = Optional.empty();

    /** Of the last batch that was passed, be it one that is not for handing out; the offset behind it and this belong together (KIP-320). */
    private Optional<Integer> passedEpoch = Optional.empty();

    /** Why the batch cannot be read; a decoder that failed cannot go on, so it stays so. */
    private @Nullable ProtocolException wrong;

    private @Nullable Throwable spoiledBy;
    private final long fetchOffset;
    private long nextOffset;
    private boolean atRecord;
    private boolean exhausted;
    private long bytesRead;

    CompletedFetch(
            TopicPartition partition, long epoch, long fetchOffset, ByteBuffer records, List<AbortedTransaction> aborted, FetchedFrame frame,
            Runnable onClosed) {
        this.partition = partition;
        this.epoch = epoch;
        this.fetchOffset = fetchOffset;
        this.nextOffset = fetchOffset;
        this.batches = RecordBatches.read(records);
        this.aborted.addAll(aborted);
        this.frame = frame;
        this.onClosed = onClosed;
    }

    long epoch() {
        return epoch;
    }

    /** The offset behind what was read, and behind what is not for handing out. */
    long nextOffset() {
        return nextOffset;
    }

    /** The epoch of the leader that wrote what lies before {@link #nextOffset}, or null. */
    @Nullable Integer lastLeaderEpoch() {
        return passedEpoch.orElse(null);
    }

    boolean isExhausted() {
        return exhausted;
    }

    /**
     * What has kept it from being read on, if that lies neither in the batch nor in the record but in the machine, which had no memory for one; null if nothing has. How
     * far it was read is not known then, and what it came upon next might not be what follows: the rest is to be fetched again.
     */
    @Nullable Throwable spoiledBy() {
        return spoiledBy;
    }

    /** Bytes of keys and values since this was asked before. */
    long takeBytesRead() {
        long bytes = bytesRead;
        bytesRead = 0;
        return bytes;
    }

    /**
     * Reads on.
     *
     * @return at most so many records; fewer if no more are there, or if what follows cannot be read; none if it is closed or {@linkplain #spoiledBy spoiled}
     * @throws RecordDeserializationException if the first of them cannot be deserialised; it stays the next one
     * @throws UnreadableBatchException if the batch that follows cannot be read; it stays the next one
     */
    <K, V> List<ConsumerRecord<K, V>> read(int max, RecordDecoding<K, V> decoding) {
        if (!gate.enter()) {
            return List.of();
        }
        try {
            return readOpen(max, decoding);
        } finally {
            if (gate.leave()) {
                end();
            }
        }
    }

    private <K, V> List<ConsumerRecord<K, V>> readOpen(int max, RecordDecoding<K, V> decoding) {
        if (spoiledBy != null) {
            return List.of();
        }
        List<ConsumerRecord<K, V>> records = new ArrayList<>(Math.min(max, 512));
        try {
            while (records.size() < max && (atRecord || nextRecord(decoding))) {
                RecordCursor current = Objects.requireNonNull(cursor);
                records.add(decoding.record(partition, current, Objects.requireNonNull(batch).timestampType(), batchEpoch));
                bytesRead += Math.max(0, current.keySize()) + Math.max(0, current.valueSize());
                pass(current.offset() + 1);
                atRecord = false;
            }
        } catch (RuntimeException | Error failure) {
            // What was read before it is handed out; this comes again when it is the first. So nothing that might fail, too, is done here.
            if (failure instanceof ProtocolException ofBatch) {
                wrong = ofBatch;
            } else if (!atRecord && wrong == null) {
                spoiledBy = failure;
            }
            if (records.isEmpty()) {
                throwIfUnreadable();
                throw failure;
            }
        }
        return records;
    }

    private void throwIfUnreadable() {
        ProtocolException known = wrong;
        if (known != null) {
            throw unreadable(known);
        }
    }

    private void pass(long behind) {
        nextOffset = Math.max(nextOffset, behind);
        passedEpoch = batchEpoch;
    }

    /** Moves to the next record that is for handing out. */
    private boolean nextRecord(RecordDecoding<?, ?> decoding) {
        throwIfUnreadable();
        while (true) {
            RecordCursor current = cursor;
            if (current == null) {
                if (!nextBatch(decoding)) {
                    if (nextOffset == fetchOffset) {
                        throw new CorruptRecordException("there is no whole batch in the broker's answer that has it");
                    }
                    exhausted = true;
                    return false;
                }
            } else if (!current.next()) {
                pass(Objects.requireNonNull(batch).nextOffset());
                current.close();
                cursor = null;
            } else if (current.offset() >= nextOffset) {
                atRecord = true;
                return true;
            }
        }
    }

    /** Opens the next batch that holds records for handing out. */
    private boolean nextBatch(RecordDecoding<?, ?> decoding) {
        while (batches.hasNext()) {
            RecordBatch next = batches.next();
            batch = next;
            if (decoding.checkCrcs()) {
                // Before anything that its header tells is believed.
                next.ensureValid();
            }
            batchEpoch = next.leaderEpoch() < 0 ? Optional.empty() : Optional.of(next.leaderEpoch());
            boolean isBehind = next.nextOffset() <= nextOffset;
            if (next.isControlBatch()) {
                control(next);
            } else if (!isBehind && (decoding.isolation() == IsolationLevel.READ_UNCOMMITTED || !isAborted(next))) {
                cursor = next.cursor(DecompressionLimits.DEFAULT, decoding.decompressor());
                return true;
            }
            pass(next.nextOffset());
        }
        return false;
    }

    private void control(RecordBatch marker) {
        begin(marker);
        try (RecordCursor record = marker.cursor(DecompressionLimits.DEFAULT)) {
            if (record.next() && ControlRecordType.of(record) == ControlRecordType.ABORT) {
                abortedProducers.remove(marker.producerId());
            }
        }
    }

    private boolean isAborted(RecordBatch data) {
        begin(data);
        return data.isTransactional() && abortedProducers.contains(data.producerId());
    }

    /** Takes note of the aborted transactions that have begun by the end of a batch. */
    private void begin(RecordBatch data) {
        while (!aborted.isEmpty() && aborted.peek().firstOffset() <= data.lastOffset()) {
            abortedProducers.add(aborted.remove().producerId());
        }
    }

    /** What to tell of a batch that cannot be read. */
    private UnreadableBatchException unreadable(ProtocolException cause) {
        RecordBatch failed = batch;
        long next = failed == null || failed.nextOffset() <= nextOffset ? -1 : failed.nextOffset();
        return UnreadableBatches.of(partition, nextOffset, next, cause);
    }

    /** Gives the frame back, as soon as no thread reads it. A second call does nothing. */
    @Override
    public void close() {
        if (gate.close()) {
            end();
        }
    }

    private void end() {
        exhausted = true;
        RecordCursor open = cursor;
        if (open != null) {
            open.close();
            cursor = null;
        }
        frame.release();
        onClosed.run();
    }
}
