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
        SendFuture[] futures = batch.takeFutures();
        ProducerBatch part = null;
        try (RecordCursor cursor = records.cursor(DecompressionLimits.DEFAULT)) {
            for (int i = 0; cursor.next(); i++) {
                int size = Math.max(0, cursor.keySize()) + Math.max(0, cursor.valueSize());
                if (part == null || part.sizeInBytes() + size > largest) {
                    part = new ProducerBatch(batch.partition(), ChunkSource.UNPOOLED, Math.min(largest, 64 * 1024), batch.createdNanos());
                    parts.add(part);
                }
                part.append(futures[i], cursor.timestamp(), cursor.copyKey(), cursor.copyValue(), cursor.headers());
            }
        }
        parts.forEach(each -> each.close(codec));
        ProducerBatch last = Objects.requireNonNull(part);
        batch.takeOnDone().forEach(last::whenDone);
        return parts;
    }
}
