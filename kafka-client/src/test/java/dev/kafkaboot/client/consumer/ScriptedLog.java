package dev.kafkaboot.client.consumer;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.HeaderList;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log of one partition: a list of batches. Not thread-safe; {@link ScriptedLogs} guards it. */
final class ScriptedLog {

    private record Batch(long baseOffset, int count, int leaderEpoch, byte[] bytes) {}

    /**
     * Where an epoch ends.
     *
     * @param epoch the epoch, or the largest one before it that there is
     * @param endOffset the offset behind its last record
     */
    record EpochEnd(int epoch, long endOffset) {}

    private final Uuid topicId;
    private final List<Batch> batches = new ArrayList<>();
    private int leader = 1;
    private int leaderEpoch = 1;
    private long startOffset;
    private long endOffset;

    ScriptedLog(Uuid topicId) {
        this.topicId = topicId;
    }

    Uuid topicId() {
        return topicId;
    }

    int leader() {
        return leader;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    long startOffset() {
        return startOffset;
    }

    long endOffset() {
        return endOffset;
    }

    void lead(int node) {
        leader = node;
        leaderEpoch++;
    }

    /** Appends one batch. */
    void append(String... values) {
        BatchBuilder builder = new BatchBuilder(ChunkSource.UNPOOLED, 1024);
        for (String value : values) {
            builder.append(0, null, value.getBytes(StandardCharsets.UTF_8), HeaderList.EMPTY);
        }
        byte[] bytes = builder.finish(
                BatchBuilder.NO_PRODUCER_ID, BatchBuilder.NO_PRODUCER_EPOCH, BatchBuilder.NO_SEQUENCE, /* transactional= */ false).toByteArray();
        append(bytes, values.length);
    }

    /** Appends a batch as it is. */
    void append(byte[] batch, int count) {
        // Offset and leader epoch are the broker's to fill in; the checksum does not cover them.
        ByteBuffer.wrap(batch).putLong(0, endOffset).putInt(12, leaderEpoch);
        batches.add(new Batch(endOffset, count, leaderEpoch, batch));
        endOffset += count;
    }

    /** Takes away all behind an offset, which is where a batch begins. */
    void truncateTo(long offset) {
        batches.removeIf(batch -> batch.baseOffset >= offset);
        endOffset = offset;
    }

    /** Takes away all before an offset. */
    void deleteBefore(long offset) {
        batches.removeIf(batch -> batch.baseOffset + batch.count <= offset);
        startOffset = offset;
    }

    /** Damages the batch that begins at an offset; the second time, mends it. */
    void damage(long offset) {
        damage(offset, -1);
    }

    /**
     * Damages the batch that begins at an offset; the second time, mends it.
     *
     * @param at which of its bytes; counted from the end, if it is negative
     */
    void damage(long offset, int at) {
        batches.stream().filter(batch -> batch.baseOffset == offset).forEach(batch ->
                batch.bytes[at < 0 ? batch.bytes.length + at : at] ^= 1);
    }

    /** Where a leader epoch ends in this log. */
    EpochEnd end(int epoch) {
        int floor = batches.stream().mapToInt(Batch::leaderEpoch).filter(each -> each <= epoch).max().orElse(-1);
        long end = batches.stream().filter(batch -> batch.leaderEpoch > floor).mapToLong(Batch::baseOffset).min().orElse(endOffset);
        return new EpochEnd(floor, end);
    }

    /** One batch: the one that holds the offset; null if there is none. */
    @Nullable Bytes read(long offset) {
        return batches.stream()
                .filter(batch -> batch.baseOffset + batch.count > offset)
                .findFirst()
                .map(batch -> Bytes.wrap(batch.bytes.clone()))
                .orElse(null);
    }
}
