package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * How records of one topic are batched, where that differs from the producer's other topics; see {@link ProducerBuilder#topic}. What is not set is as for the
 * producer. Not thread-safe.
 */
public final class TopicOptions {

    private final BiConsumer<ConfigKey<?>, Object> config;

    TopicOptions(BiConsumer<ConfigKey<?>, Object> config) {
        this.config = config;
    }

    /** Sets {@code compression.type} for the topic. */
    public TopicOptions compression(CompressionType type) {
        config.accept(ProducerConfig.COMPRESSION_TYPE, type);
        return this;
    }

    /** Sets {@code compression.type} for the topic, and its level (KIP-390). */
    public TopicOptions compression(Compression compression) {
        compression(compression.type());
        Integer level = compression.level();
        if (level != null) {
            switch (compression.type()) {
                case GZIP -> config.accept(ProducerConfig.GZIP_LEVEL, level);
                case LZ4 -> config.accept(ProducerConfig.LZ4_LEVEL, level);
                case ZSTD -> config.accept(ProducerConfig.ZSTD_LEVEL, level);
                case NONE, SNAPPY -> throw new IllegalArgumentException(compression + " cannot have a level");
            }
        }
        return this;
    }

    /** Sets {@code linger.ms} for the topic. */
    public TopicOptions linger(Duration linger) {
        config.accept(ProducerConfig.LINGER, linger);
        return this;
    }

    /** Sets {@code batch.size} for the topic. */
    public TopicOptions batchSize(int bytes) {
        config.accept(ProducerConfig.BATCH_SIZE, bytes);
        return this;
    }
}
