package dev.kafkaboot.client.producer;

import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.DecompressionLimits;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordBatches;
import dev.kafkaboot.record.RecordCursor;
import dev.kafkaboot.record.compress.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Makes several batches out of one that the broker found too large, each record with its future and in order (KIP-126). */
final class BatchSplitter {

    private static final int CHUNK = 64 * 1024;

    private BatchSplitter() {}

    /**
     * Splits a batch, which is left without futures. The parts have memory of their own, which does not count against the buffer: it is needed to get
     * rid of what does.
     *
     * @param largest what a part may have in bytes before compression; one record may have more
     */
    static List<ProducerBatch> split(ProducerBatch batch, int largest, Codec codec) {
        List<ProducerBatch> parts = new ArrayList<>();
        RecordBatch records = RecordBatches.read(batch.bytes().toSingleBuffer()).next();
        SendFuture future = batch.takeFutures();
        ProducerBatch part = null;
        try (RecordCursor cursor = records.cursor(DecompressionLimits.DEFAULT)) {
            while (cursor.next()) {
                SendFuture current = Objects.requireNonNull(future);
                future = current.takeNext();
                int size = Math.max(0, cursor.keySize()) + Math.max(0, cursor.valueSize());
                if (part == null || part.sizeInBytes() + size > largest) {
                    part = new ProducerBatch(batch.partition(), ChunkSource.UNPOOLED, Math.min(largest, CHUNK), batch.createdNanos());
                    parts.add(part);
                }
                part.append(current, cursor.copyKey(), cursor.copyValue(), cursor.headers(), ChunkSource.UNPOOLED);
            }
        }
        for (ProducerBatch each : parts) {
            each.seal();
            each.compress(codec);
            each.ready();
        }
        ProducerBatch end = Objects.requireNonNull(part);
        batch.takeOnDone().forEach(end::whenDone);
        return parts;
    }
}
