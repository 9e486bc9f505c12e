package dev.kafkaboot.test.fake;

import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.DecompressionLimits;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordCursor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a partition of a {@link FakeKafka} holds, for those who test with it: to fill it, to look into it, and to do to it what happens to logs.
 *
 * <p>Obtained by {@link FakeKafka#log}; belongs to the topic as it was then, and not to one that is made again under its name. One thread at a time, the
 * cluster's.
 */
public final class FakeLog {

    private final FakeKafka cluster;
    private final FakePartition partition;
    private final PartitionLog log;

    FakeLog(FakeKafka cluster, FakePartition partition) {
        this.cluster = cluster;
        this.partition = partition;
        this.log = partition.log();
    }

    // ---- filling it

    /** Appends a record in UTF-8, with the cluster's time; {@link #append(byte[], byte[], HeaderList, long)} says more. */
    public long append(@Nullable String key, @Nullable String value) {
        return append(bytes(key), bytes(value), HeaderList.EMPTY, cluster.timers().nowMillis());
    }

    /**
     * Appends a record as if a producer had sent it, whoever leads the partition. It is replicated as others are.
     *
     * @param value the value, or null for a tombstone
     * @param timestamp milliseconds since 1970
     * @return its offset
     * @throws IllegalArgumentException if the topic does not take it
     */
    public long append(byte @Nullable [] key, byte @Nullable [] value, HeaderList headers, long timestamp) {
        BatchBuilder builder = new BatchBuilder(ChunkSource.UNPOOLED, 512);
        builder.append(timestamp, key, value, headers);
        byte[] bytes = builder.finish(
                        BatchBuilder.NO_PRODUCER_ID, BatchBuilder.NO_PRODUCER_EPOCH, BatchBuilder.NO_SEQUENCE, /* transactional= */ false)
                .toByteArray();
        try {
            return log.append(LogBatch.of(ByteBuffer.wrap(bytes)), partition.leaderEpoch(), /* begunByWriting= */ false).baseOffset();
        } catch (RefusedException refused) {
            throw new IllegalArgumentException(partition + " does not take the record: " + refused.reason(), refused);
        }
    }

    // ---- looking into it

    /** All records that every replica has, in order: those of aborted and open transactions as well, and no marks of the brokers' own. */
    public List<FakeRecord> records() {
        return records(log.highWatermark(), (batch, offset) -> true);
    }

    /** The records that a read-committed consumer sees, in order. */
    public List<FakeRecord> committedRecords() {
        List<TransactionIndex.Aborted> aborted = log.abortedWithin(log.startOffset(), log.endOffset());
        return records(log.lastStableOffset(), (batch, offset) -> !batch.isTransactional() || aborted.stream().noneMatch(transaction ->
                transaction.producerId() == batch.producerId() && transaction.firstOffset() <= offset && offset <= transaction.lastOffset()));
    }

    private List<FakeRecord> records(long end, BiPredicate<RecordBatch, Long> isWanted) {
        List<FakeRecord> found = new ArrayList<>();
        for (LogBatch batch : log.between(log.startOffset(), end)) {
            if (batch.header().isControlBatch()) {
                continue;
            }
            try (RecordCursor cursor = batch.header().cursor(DecompressionLimits.DEFAULT)) {
                while (cursor.next()) {
                    if (cursor.offset() >= log.startOffset() && isWanted.test(batch.header(), cursor.offset())) {
                        found.add(new FakeRecord(batch.header(), cursor));
                    }
                }
            }
        }
        return found;
    }

    /** The offset of the first record that was not deleted. */
    public long startOffset() {
        return log.startOffset();
    }

    /** The offset that the next record gets. */
    public long endOffset() {
        return log.endOffset();
    }

    /** The first offset that not every replica that is in sync has, and that consumers do not see. */
    public long highWatermark() {
        return log.highWatermark();
    }

    /** The first offset that a read-committed consumer does not see yet. */
    public long lastStableOffset() {
        return log.lastStableOffset();
    }

    /** Counts the leaders that the partition had, from 0. */
    public int leaderEpoch() {
        return partition.leaderEpoch();
    }

    // ---- what happens to logs

    /**
     * Makes a replica the leader that lacks the end of the log, as an unclean election does: what is at an offset and behind it is lost, and a new epoch
     * begins. Consumers that were further find that out by the epochs (KIP-320).
     *
     * @param broker the new leader; may be the present one
     * @param endOffset the new end, where it is before the present one; a batch is lost whole
     * @throws IllegalArgumentException if the broker has no replica, or does not run
     */
    public void electUncleanly(int broker, long endOffset) {
        if (!partition.replicas().contains(broker) || !cluster.isRunning(broker)) {
            throw new IllegalArgumentException("Broker " + broker + " holds no replica of " + partition + " or does not run");
        }
        log.truncateTo(endOffset);
        partition.inSync().clear();
        partition.replicas().stream().filter(cluster::isRunning).forEach(partition.inSync()::add);
        cluster.topics().lead(partition, broker, /* lossy= */ false);
    }

    /**
     * Deletes what is before an offset, as retention does and DeleteRecords.
     *
     * @throws IllegalArgumentException if the offset is beyond the high watermark
     */
    public void deleteBefore(long offset) {
        try {
            log.deleteBefore(offset);
        } catch (RefusedException refused) {
            throw new IllegalArgumentException(refused.reason(), refused);
        }
    }

    /**
     * Forgets a producer, as if it had written nothing for a day: its next batch is taken whatever its sequence, and one that comes again is appended again.
     *
     * @throws IllegalStateException if it has an open transaction, which brokers do not forget
     */
    public void expireProducer(long producerId) {
        boolean isBusy = log.producers().stream().anyMatch(state -> state.producerId() == producerId && state.isInTransaction());
        if (isBusy) {
            throw new IllegalStateException("Producer " + producerId + " has an open transaction in " + partition);
        }
        log.forgetProducer(producerId);
    }

    /** Keeps what is appended from now on from the followers: nobody sees it, {@code acks=all} waits, and it dies with the leader. */
    public void holdReplication() {
        partition.replication().hold();
    }

    /** Ends {@link #holdReplication}. */
    public void releaseReplication() {
        partition.replication().release();
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** The topic and the partition's number. */
    @Override
    public String toString() {
        return partition.toString();
    }
}
