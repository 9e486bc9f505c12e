package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.record.compress.Codec;
import org.jspecify.annotations.Nullable;

/** Settings of an accumulator whose topics are all alike, and which shares records out evenly. */
final class PlainSettings {

    private PlainSettings() {}

    static RecordAccumulator.Settings of(
            EventLoop loop, ChunkPool pool, Codec codec, int batchSize, int maxBatchSize, long lingerNanos, @Nullable Partitioner partitioner,
            boolean idempotent) {
        return new RecordAccumulator.Settings(
                loop, pool, Batchings.all(new Batching(codec, batchSize, lingerNanos)), maxBatchSize,
                new Partitioning(partitioner, /* ignoresKeys= */ false, /* isAdaptive= */ false, /* rack= */ null), idempotent, /* maxInFlight= */ 5, /* transactional= */ false);
    }
}
