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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes other batches out of one that the broker does not take as it is, with its records in order: several out of one that is too large (KIP-126), or one
 * without the records that it refuses (KIP-467). Any thread: it decompresses and compresses.
 */
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
        return rewrite(batch, Set.of(), largest, codec);
    }

    /**
     * Leaves records out.
     *
     * @param batch its bytes, as they were sent
     * @param without which, counted from 0
     * @return one part, or none if none of the records is left
     */
    static List<Part> without(Bytes batch, Set<Integer> without, Codec codec) {
        return rewrite(batch, without, Integer.MAX_VALUE, codec);
    }

    private static List<Part> rewrite(Bytes batch, Set<Integer> without, int largest, Codec codec) {
        List<BatchBuilder> builders = new ArrayList<>();
        BatchBuilder current = null;
        int index = 0;
        RecordBatch records = RecordBatches.read(batch.toSingleBuffer()).next();
        try (RecordCursor cursor = records.cursor(UNLIMITED)) {
            while (cursor.next()) {
                if (without.contains(index++)) {
                    continue;
                }
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
