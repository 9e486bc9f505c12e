package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.protocol.ProtocolException;
import dev.kafkaboot.protocol.message.ShareFetchResponse.AcquiredRecords;
import dev.kafkaboot.record.CorruptRecordException;
import dev.kafkaboot.record.DecompressionLimits;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordBatches;
import dev.kafkaboot.record.RecordCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one answer brought of one partition to a member of a share group: raw batches in the received frame, and which of their offsets are acquired. It is decoded
 * by the thread that polls. The batches may hold records that others have acquired, and there may be acquired offsets without a record: compacted away, or marks
 * of transactions. The frame goes back when all of it was handed out or dropped.
 *
 * <p>What cannot be read costs no more than it must: a record that cannot be deserialised itself; a batch whose checksum is right all of its offsets; and a batch
 * that is damaged, or that is not there, everything from there on, because where the next one begins is not known.
 *
 * <p>Read by one thread at a time; {@link #close} may come from another, and waits for nothing ({@link ReaderGate}).
 */
final class SharedFetch implements AutoCloseable {

    private final TopicIdPartition partition;
    private final ShareSession session;
    private final long acquisition;
    private final long lockedUntilNanos;
    private final AcquiredOffsets acquired;
    private final ReceivedFrame<?> frame;
    private final RecordBatches batches;
    private final ReaderGate gate = new ReaderGate();

    private @Nullable RecordBatch batch;
    private @Nullable RecordCursor cursor;

    /** Whether what the batch's header tells can be believed. */
    private boolean batchIsTrusted;

    /**
     * Nothing is read. Uses the frame until it is closed.
     *
     * @param session the session in which the records were acquired
     * @param acquisition which acquisition of the session it is
     * @param lockedUntilNanos the time of the loop's clock until which they are this member's
     * @throws IllegalArgumentException if what is acquired makes no sense
     */
    SharedFetch(
            TopicIdPartition partition, ShareSession session, long acquisition, long lockedUntilNanos, List<AcquiredRecords> acquired,
            ByteBuffer records, ReceivedFrame<?> frame) {
        this.partition = partition;
        this.session = session;
        this.acquisition = acquisition;
        this.lockedUntilNanos = lockedUntilNanos;
        this.acquired = new AcquiredOffsets(acquired);
        this.batches = RecordBatches.read(records);
        this.frame = frame;
        frame.retain();
    }

    TopicIdPartition partition() {
        return partition;
    }

    ShareSession session() {
        return session;
    }

    /** Counts what was acquired in the session. */
    long acquisition() {
        return acquisition;
    }

    long lockedUntilNanos() {
        return lockedUntilNanos;
    }

    /** Whether everything that is acquired was read. */
    boolean isExhausted() {
        return acquired.isEmpty();
    }

    /** Reads on: at most so many records, and no further than what cannot be read. Nothing if it is closed. */
    <K, V> SharePortion<K, V> read(int max, RecordDecoding<K, V> decoding) {
        if (!gate.enter()) {
            return new SharePortion<>(List.of(), new TreeMap<>(), new TreeMap<>(), null);
        }
        try {
            return readOpen(max, decoding);
        } finally {
            if (gate.leave()) {
                end();
            }
        }
    }

    private <K, V> SharePortion<K, V> readOpen(int max, RecordDecoding<K, V> decoding) {
        List<ConsumerRecord<K, V>> records = new ArrayList<>(Math.min(max, 512));
        SortedMap<Long, Byte> gaps = new TreeMap<>();
        SortedMap<Long, Byte> unread = new TreeMap<>();
        KafkaException failure = null;
        try {
            while (records.size() < max && moveToRecord(decoding, gaps)) {
                RecordCursor at = Objects.requireNonNull(cursor);
                RecordBatch in = Objects.requireNonNull(batch);
                Optional<Integer> epoch = in.leaderEpoch() < 0 ? Optional.empty() : Optional.of(in.leaderEpoch());
                records.add(decoding.record(partition.topicPartition(), at, in.timestampType(), epoch, Optional.of(acquired.deliveryCount())));
                acquired.pass();
            }
        } catch (RecordDeserializationException wrong) {
            unread.put(acquired.next(), AcknowledgeType.RELEASE.id());
            acquired.pass();
            failure = wrong;
        } catch (ProtocolException wrong) {
            failure = skip(wrong, unread);
        } catch (Throwable defect) {
            // Where the cursor stands is not known, so what it comes upon next might look like a gap. The rest is left to its lock.
            acquired.passBelow(Long.MAX_VALUE, offset -> {});
            throw defect;
        }
        return new SharePortion<>(records, gaps, unread, failure);
    }

    /** Moves to the next record that is acquired; false if there is none any more. */
    private boolean moveToRecord(RecordDecoding<?, ?> decoding, SortedMap<Long, Byte> gaps) {
        while (!acquired.isEmpty()) {
            RecordCursor current = cursor;
            if (current == null) {
                openNextBatch(decoding, gaps);
            } else if (!current.next()) {
                closeCursor();
                gapsBelow(Objects.requireNonNull(batch).nextOffset(), gaps);
            } else if (current.offset() >= acquired.next()) {
                gapsBelow(current.offset(), gaps);
                if (!acquired.isEmpty() && acquired.next() == current.offset()) {
                    return true;
                }
            }
        }
        return false;
    }

    private void gapsBelow(long limit, SortedMap<Long, Byte> gaps) {
        acquired.passBelow(limit, offset -> gaps.put(offset, AcknowledgeType.GAP));
    }

    private void openNextBatch(RecordDecoding<?, ?> decoding, SortedMap<Long, Byte> gaps) {
        batchIsTrusted = false;
        if (!batches.hasNext()) {
            throw new CorruptRecordException("there is no whole batch in the broker's answer that has it, though it is acquired");
        }
        RecordBatch next = batches.next();
        batch = next;
        if (decoding.checkCrcs()) {
            next.ensureValid();
        }
        batchIsTrusted = true;
        gapsBelow(next.baseOffset(), gaps);
        if (next.isControlBatch()) {
            gapsBelow(next.nextOffset(), gaps);
        } else if (!acquired.isEmpty() && acquired.next() <= next.lastOffset()) {
            cursor = next.cursor(DecompressionLimits.DEFAULT, decoding.decompressor());
        }
    }

    /** Passes what cannot be read. */
    private KafkaException skip(ProtocolException wrong, SortedMap<Long, Byte> unread) {
        RecordBatch failed = batch;
        long from = acquired.next();
        long behind = failed == null || !batchIsTrusted ? Long.MAX_VALUE : failed.nextOffset();
        closeCursor();
        SortedMap<Long, Integer> deliveries = new TreeMap<>();
        while (!acquired.isEmpty() && acquired.next() < behind) {
            unread.put(acquired.next(), AcknowledgeType.RELEASE.id());
            deliveries.put(acquired.next(), (int) acquired.deliveryCount());
            acquired.pass();
        }
        return UnreadableBatches.of(partition.topicPartition(), from, behind == Long.MAX_VALUE ? -1 : behind, wrong).with(deliveries);
    }

    private void closeCursor() {
        RecordCursor open = cursor;
        if (open != null) {
            open.close();
            cursor = null;
        }
    }

    /** Drops what is left of it; answers its offsets, to be released. Not while it is read. */
    SortedMap<Long, Byte> drop() {
        SortedMap<Long, Byte> left = new TreeMap<>();
        acquired.passBelow(Long.MAX_VALUE, offset -> left.put(offset, AcknowledgeType.RELEASE.id()));
        close();
        return left;
    }

    /** Gives the frame back, as soon as no thread reads it. A second call does nothing. */
    @Override
    public void close() {
        if (gate.close()) {
            end();
        }
    }

    private void end() {
        closeCursor();
        frame.release();
    }
}
