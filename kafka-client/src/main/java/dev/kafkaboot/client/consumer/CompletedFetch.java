package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.protocol.ProtocolException;
import dev.kafkaboot.protocol.message.FetchResponse.AbortedTransaction;
import dev.kafkaboot.record.ControlRecordType;
import dev.kafkaboot.record.DecompressionLimits;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordBatches;
import dev.kafkaboot.record.RecordCursor;
import dev.kafkaboot.record.TimestampType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What one answer brought of one partition: raw batches in the received frame, decoded by the thread that polls, a few records at a time. The frame goes
 * back when all of it was handed out or dropped.
 *
 * <p>Used by one thread at a time, the one that has taken the partition; {@link #close} may come from another, which waits for that.
 */
final class CompletedFetch implements AutoCloseable {

    /**
     * How records are read.
     *
     * @param <K> the keys' type
     * @param <V> the values' type
     */
    record Decoding<K, V>(Serializer<K> keys, Serializer<V> values, boolean checkCrcs, IsolationLevel isolation) {}

    private final TopicPartition partition;
    private final long epoch;
    private final int sizeInBytes;
    private final ReceivedFrame<?> frame;
    private final LongConsumer onClosed;
    private final RecordBatches batches;

    /** Sorted here, because brokers do not always: what has begun by a batch is aborted in it. */
    private final PriorityQueue<AbortedTransaction> aborted = new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));

    private final Set<Long> abortedProducers = new HashSet<>();

    private @Nullable RecordBatch batch;
    private @Nullable RecordCursor cursor;
    private Optional<Integer> leaderEpoch = Optional.empty();
    private long nextOffset;
    private boolean atRecord;
    private boolean exhausted;
    private boolean closed;
    private long bytesRead;

    CompletedFetch(
            TopicPartition partition, long epoch, long fetchOffset, ByteBuffer records, List<AbortedTransaction> aborted, ReceivedFrame<?> frame,
            LongConsumer onClosed) {
        this.partition = partition;
        this.epoch = epoch;
        this.nextOffset = fetchOffset;
        this.sizeInBytes = records.remaining();
        this.batches = RecordBatches.read(records);
        this.aborted.addAll(aborted);
        this.frame = frame;
        this.onClosed = onClosed;
    }

    long epoch() {
        return epoch;
    }

    int sizeInBytes() {
        return sizeInBytes;
    }

    /** The offset behind what was handed out, and behind what is not for handing out. */
    long nextOffset() {
        return nextOffset;
    }

    /** The epoch of the leader that wrote the last record that was handed out, or null. */
    @Nullable Integer lastLeaderEpoch() {
        return leaderEpoch.orElse(null);
    }

    boolean isExhausted() {
        return exhausted;
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
     * @return at most so many records; fewer if no more are there, or if the one that follows cannot be read
     * @throws RecordDeserializationException if the first of them cannot be read; it stays the next one
     */
    synchronized <K, V> List<ConsumerRecord<K, V>> read(int max, Decoding<K, V> decoding) {
        List<ConsumerRecord<K, V>> records = new ArrayList<>(Math.min(max, 512));
        try {
            while (records.size() < max && !closed && (atRecord || nextRecord(decoding))) {
                RecordCursor current = java.util.Objects.requireNonNull(cursor);
                records.add(record(current, decoding));
                atRecord = false;
                nextOffset = current.offset() + 1;
            }
        } catch (RecordDeserializationException unreadable) {
            if (records.isEmpty()) {
                throw unreadable;
            }
        }
        return records;
    }

    /** Moves to the next record that is for handing out. */
    private boolean nextRecord(Decoding<?, ?> decoding) {
        try {
            while (true) {
                RecordCursor current = cursor;
                if (current == null) {
                    if (!nextBatch(decoding)) {
                        exhausted = true;
                        return false;
                    }
                } else if (!current.next()) {
                    nextOffset = Math.max(nextOffset, java.util.Objects.requireNonNull(batch).nextOffset());
                    current.close();
                    cursor = null;
                } else if (current.offset() >= nextOffset) {
                    atRecord = true;
                    return true;
                }
            }
        } catch (ProtocolException corrupt) {
            throw new RecordDeserializationException(
                    "Cannot read " + partition + " at offset " + nextOffset + ": " + corrupt.getMessage()
                            + ". Seek behind it to go on", partition, nextOffset, null, null, corrupt);
        }
    }

    /** Opens the next batch that holds records for handing out. */
    private boolean nextBatch(Decoding<?, ?> decoding) {
        while (batches.hasNext()) {
            RecordBatch next = batches.next();
            if (next.nextOffset() <= nextOffset) {
                if (next.isControlBatch()) {
                    control(next);
                }
                continue;
            }
            if (decoding.checkCrcs()) {
                next.ensureValid();
            }
            if (next.isControlBatch()) {
                control(next);
            } else if (decoding.isolation() == IsolationLevel.READ_UNCOMMITTED || !isAborted(next)) {
                batch = next;
                cursor = next.cursor(DecompressionLimits.DEFAULT);
                leaderEpoch = next.leaderEpoch() < 0 ? Optional.empty() : Optional.of(next.leaderEpoch());
                return true;
            }
            nextOffset = next.nextOffset();
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

    private <K, V> ConsumerRecord<K, V> record(RecordCursor at, Decoding<K, V> decoding) {
        byte[] key = at.copyKey();
        byte[] value = at.copyValue();
        Headers headers = at.headerCount() == 0 ? Headers.none() : Headers.copyOf(at.headers());
        TimestampType type = java.util.Objects.requireNonNull(batch).timestampType();
        try {
            K readKey = decoding.keys().deserialize(partition.topic(), headers, key);
            V readValue = decoding.values().deserialize(partition.topic(), headers, value);
            bytesRead += Math.max(0, at.keySize()) + Math.max(0, at.valueSize());
            return new ConsumerRecord<>(partition.topic(), partition.partition(), at.offset(), at.timestamp(), type, readKey, readValue, headers,
                    leaderEpoch, at.keySize(), at.valueSize());
        } catch (RuntimeException e) {
            throw new RecordDeserializationException(
                    "Cannot deserialise the record of " + partition + " at offset " + at.offset() + ": " + e.getMessage()
                            + ". Seek to " + (at.offset() + 1) + " to go on behind it", partition, at.offset(), key, value, e);
        }
    }

    /** Gives the frame back. A second call does nothing. Waits for a thread that reads. */
    @Override
    public void close() {
        if (end()) {
            // Not under this object's lock: the assignment's may be taken in here, and is held by others who close.
            frame.release();
            onClosed.accept(sizeInBytes);
        }
    }

    private synchronized boolean end() {
        if (closed) {
            return false;
        }
        closed = true;
        exhausted = true;
        RecordCursor open = cursor;
        if (open != null) {
            open.close();
            cursor = null;
        }
        return true;
    }
}
