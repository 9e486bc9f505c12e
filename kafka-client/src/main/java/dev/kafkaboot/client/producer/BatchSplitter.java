package dev.kafkaboot.client.producer;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.DecompressionLimits;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordBatches;
import dev.kafkaboot.record.RecordCursor;
import dev.kafkaboot.record.compress.Codec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes several batches out of one that the broker found too large, with its records in order (KIP-126). Any thread: it decompresses and compresses. */
final class BatchSplitter {

    private static final int CHUNK = 64 * 1024;

    /** The records were compressed here, so they are not hostile. */
    private static final DecompressionLimits UNLIMITED = new DecompressionLimits(Long.MAX_VALUE, 1);

    /**
     * Some of the records, written and compressed.
     *
     * @param uncompressedSize what they had before compression, in bytes
     */
    record Part(BatchBuilder builder, int uncompressedSize) {}

    private BatchSplitter() {}

    /**
     * Splits a batch. The parts have memory of their own, which does not count against the buffer: it is needed to get rid of what does.
     *
     * @param batch its bytes, as they were sent
     * @param largest what a part may have in bytes before compression; one record may have more. If it is less than what the whole batch has, there are
     *     two parts at least.
     */
    static List<Part> split(Bytes batch, int largest, Codec codec) {
        List<BatchBuilder> builders = new ArrayList<>();
        BatchBuilder current = null;
        RecordBatch records = RecordBatches.read(batch.toSingleBuffer()).next();
        try (RecordCursor cursor = records.cursor(UNLIMITED)) {
            while (cursor.next()) {
                byte @Nullable [] key = cursor.copyKey();
                byte @Nullable [] value = cursor.copyValue();
                HeaderList headers = cursor.headers();
                if (current == null || (long) current.sizeInBytes() + BatchBuilder.maxRecordSize(key, value, headers) > largest) {
                    current = new BatchBuilder(ChunkSource.UNPOOLED, Math.min(largest, CHUNK));
                    builders.add(current);
                }
                current.append(cursor.timestamp(), key, value, headers);
            }
        }
        return builders.stream().map(builder -> closed(builder, codec)).toList();
    }

    private static Part closed(BatchBuilder builder, Codec codec) {
        int uncompressedSize = builder.sizeInBytes();
        builder.close(codec);
        return new Part(builder, uncompressedSize);
    }
}
