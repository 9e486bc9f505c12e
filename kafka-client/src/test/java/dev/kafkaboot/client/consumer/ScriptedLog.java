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

    private record Batch(long baseOffset, int count, byte[] bytes) {}

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
        // Offset and leader epoch are the broker's to fill in; the checksum does not cover them.
        ByteBuffer.wrap(bytes).putLong(0, endOffset).putInt(12, leaderEpoch);
        batches.add(new Batch(endOffset, values.length, bytes));
        endOffset += values.length;
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

    /** Damages the batch that begins at an offset. */
    void damage(long offset) {
        batches.stream().filter(batch -> batch.baseOffset == offset).forEach(batch -> batch.bytes[batch.bytes.length - 1] ^= 1);
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
