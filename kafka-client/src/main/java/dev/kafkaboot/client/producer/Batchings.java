package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How each topic's records are batched: as the topic's own keys say, and where they say nothing as the producer's do. */
final class Batchings implements AutoCloseable {

    private final Batching common;
    private final Map<String, Batching> ofTopics;

    Batchings(Batching common, Map<String, Batching> ofTopics) {
        this.common = common;
        this.ofTopics = Map.copyOf(ofTopics);
    }

    /** The same for every topic. */
    static Batchings all(Batching common) {
        return new Batchings(common, Map.of());
    }

    /**
     * Makes the codecs.
     *
     * @throws dev.kafkaboot.record.compress.MissingCodecException if the library of one is not on the class path
     */
    static Batchings of(ClientConfig producer, Map<String, ClientConfig> topics) {
        Map<String, Batching> made = new LinkedHashMap<>();
        Batching common = batching(producer, producer);
        try {
            topics.forEach((name, config) -> made.put(name, batching(config, producer)));
        } catch (Throwable missing) {
            new Batchings(common, made).close();
            throw missing;
        }
        return new Batchings(common, made);
    }

    private static Batching batching(ClientConfig own, ClientConfig producer) {
        CompressionType type = pick(ProducerConfig.COMPRESSION_TYPE, own, producer);
        @Nullable ConfigKey<Integer> levelKey = switch (type) {
            case GZIP -> ProducerConfig.GZIP_LEVEL;
            case LZ4 -> ProducerConfig.LZ4_LEVEL;
            case ZSTD -> ProducerConfig.ZSTD_LEVEL;
            case NONE, SNAPPY -> null;
        };
        Integer level = levelKey == null ? null : own.isGiven(levelKey) ? own.find(levelKey) : producer.find(levelKey);
        Duration linger = pick(ProducerConfig.LINGER, own, producer);
        return new Batching(new Compression(type, level).newCodec(), pick(ProducerConfig.BATCH_SIZE, own, producer), Times.nanos(linger));
    }

    private static <T> T pick(ConfigKey<T> key, ClientConfig own, ClientConfig producer) {
        return own.isGiven(key) ? own.get(key) : producer.get(key);
    }

    /** The batching of a topic's records. */
    Batching of(String topic) {
        return ofTopics.getOrDefault(topic, common);
    }

    /** Closes the codecs. */
    @Override
    public void close() {
        CloseSteps steps = new CloseSteps();
        steps.take(common.codec()::close);
        ofTopics.values().forEach(each -> steps.take(each.codec()::close));
        steps.finish();
    }
}
