package dev.kafkaboot.autoconfigure;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** The {@code kafka.producer.topics.<name>.*} properties. What is null is as for the producer's other topics. */
public class KafkaProducerTopicProperties {

    /** Size of a batch of records of this topic that an idle producer aims at. */
    private @Nullable DataSize batchSize;

    /** Compression of the batches of this topic. */
    private @Nullable String compressionType;

    /** Level of the compression, for gzip, lz4 or zstd; 'compression-type' is to be given beside it. */
    private @Nullable Integer compressionLevel;

    /** Time that a batch of this topic waits for more records before it is sent. */
    private @Nullable Duration linger;

    public @Nullable DataSize getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(@Nullable DataSize batchSize) {
        this.batchSize = batchSize;
    }

    public @Nullable String getCompressionType() {
        return compressionType;
    }

    public void setCompressionType(@Nullable String compressionType) {
        this.compressionType = compressionType;
    }

    public @Nullable Integer getCompressionLevel() {
        return compressionLevel;
    }

    public void setCompressionLevel(@Nullable Integer compressionLevel) {
        this.compressionLevel = compressionLevel;
    }

    public @Nullable Duration getLinger() {
        return linger;
    }

    public void setLinger(@Nullable Duration linger) {
        this.linger = linger;
    }

    /** The name of the compression, if it has levels; null otherwise. */
    @Nullable String levelledCompression() {
        String name = compressionType == null ? "" : compressionType.strip().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "gzip", "lz4", "zstd" -> name;
            default -> null;
        };
    }
}
