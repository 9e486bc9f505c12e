package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The configuration keys of the producer. */
public final class ProducerConfig {

    /** How many replicas acknowledge. */
    public static final ConfigKey<Acks> ACKS = ConfigKey.choice(
            "acks", Acks.ALL, acks(),
            "Replicas that must have a record before it is acknowledged: all that are in sync, the leader alone (1), or none (0).");

    /** What an idle producer aims at. */
    public static final ConfigKey<Integer> BATCH_SIZE = ConfigKey.integer(
            "batch.size", 16_384, 0, Integer.MAX_VALUE,
            "Bytes that make a batch full. While earlier records of a partition are under way, its batch grows past this, up to max.request.size.");

    /** Memory for what waits. */
    public static final ConfigKey<Long> BUFFER_MEMORY = ConfigKey.longInteger(
            "buffer.memory", 32L * 1024 * 1024, 64 * 1024, Long.MAX_VALUE,
            "Bytes that may wait to be sent. When they are used up, send waits for up to max.block.ms, and trySend fails at once.");

    /** The compression. */
    public static final ConfigKey<CompressionType> COMPRESSION_TYPE = ConfigKey.choice(
            "compression.type", CompressionType.NONE, compressionTypes(), "Compression of batches.");

    /** The level of gzip. */
    public static final ConfigKey<Integer> GZIP_LEVEL = ConfigKey.integer(
            "compression.gzip.level", null, -1, 9, "Level of gzip, 1 to 9; -1 is its own default (KIP-390).");

    /** The level of LZ4. */
    public static final ConfigKey<Integer> LZ4_LEVEL = ConfigKey.integer(
            "compression.lz4.level", null, 1, 17, "Level of LZ4's high compression; without it, the fast one is used (KIP-390).");

    /** The level of Zstandard. */
    public static final ConfigKey<Integer> ZSTD_LEVEL = ConfigKey.integer(
            "compression.zstd.level", null, -131_072, 22, "Level of Zstandard; 3 is its own default (KIP-390).");

    /** Limit for the acknowledgement. */
    public static final ConfigKey<Duration> DELIVERY_TIMEOUT = ConfigKey.millis(
            "delivery.timeout.ms", Duration.ofMinutes(2), Duration.ofMillis(1),
            "Limit from send to acknowledgement, all attempts included (KIP-91).");

    /** How long a batch waits for more records. */
    public static final ConfigKey<Duration> LINGER = ConfigKey.millis(
            "linger.ms", Duration.ofMillis(5), Duration.ZERO, "Time that a batch waits for more records before it is sent.");

    /** How long send may block. */
    public static final ConfigKey<Duration> MAX_BLOCK = ConfigKey.millis(
            "max.block.ms", Duration.ofSeconds(60), Duration.ZERO,
            "Time that send waits for memory. Records of a topic that is not known wait as long for it, without blocking anybody.");

    /** The largest request. */
    public static final ConfigKey<Integer> MAX_REQUEST_SIZE = ConfigKey.integer(
            "max.request.size", 1024 * 1024, 1024, Integer.MAX_VALUE, "Largest request, and so the largest record, in bytes.");

    /** How often a request is repeated. */
    public static final ConfigKey<Integer> RETRIES = ConfigKey.integer(
            "retries", Integer.MAX_VALUE, 0, Integer.MAX_VALUE,
            "Attempts after the first one; delivery.timeout.ms ends them in any case.");

    /** Requests under way on a connection. */
    public static final ConfigKey<Integer> MAX_IN_FLIGHT = ConfigKey.integer(
            "max.in.flight.requests.per.connection", 5, 1, Integer.MAX_VALUE,
            "Requests under way on one connection. Of one partition only one batch is under way, so records stay in order.");

    /** How long a topic is kept that nothing is sent to. */
    public static final ConfigKey<Duration> METADATA_MAX_IDLE = ConfigKey.millis(
            "metadata.max.idle.ms", Duration.ofMinutes(5), Duration.ofSeconds(5),
            "Time after which a topic that nothing is sent to is forgotten, and no longer asked about (KIP-526).");

    /** Whether nothing is written twice. */
    public static final ConfigKey<Boolean> ENABLE_IDEMPOTENCE = ConfigKey.bool(
            "enable.idempotence", true,
            "Whether brokers recognise a batch that is sent again, so that it is written once. It needs acks=all and retries; where those are given otherwise, "
                    + "it is off unless it is asked for (KIP-98, KIP-679).");

    /** By which the coordinator of transactions knows the producer. */
    public static final ConfigKey<String> TRANSACTIONAL_ID = ConfigKey.string(
            "transactional.id", null,
            "Makes the producer transactional: the name by which the coordinator knows it from one life to the next. A producer that begins ends what an earlier "
                    + "one of the same name left open, and fences it. It implies enable.idempotence (KIP-98).");

    /** How long a transaction may be open. */
    public static final ConfigKey<Duration> TRANSACTION_TIMEOUT = ConfigKey.millis(
            "transaction.timeout.ms", Duration.ofSeconds(60), Duration.ofMillis(1),
            "Time after which the coordinator aborts a transaction that is still open, and fences the producer. Brokers bound it by their "
                    + "transaction.max.timeout.ms.");

    /** Every key, in the order of the reference. */
    public static final List<ConfigKey<?>> KEYS = ConfigKey.union(
            List.of(ACKS, BATCH_SIZE, BUFFER_MEMORY, COMPRESSION_TYPE, GZIP_LEVEL, LZ4_LEVEL, ZSTD_LEVEL, DELIVERY_TIMEOUT, LINGER, MAX_BLOCK,
                    MAX_REQUEST_SIZE, RETRIES, MAX_IN_FLIGHT, METADATA_MAX_IDLE, ENABLE_IDEMPOTENCE, TRANSACTIONAL_ID, TRANSACTION_TIMEOUT),
            CommonConfig.KEYS);

    private ProducerConfig() {}

    private static Map<String, Acks> acks() {
        Map<String, Acks> names = new LinkedHashMap<>();
        names.put("all", Acks.ALL);
        names.put("-1", Acks.ALL);
        names.put("1", Acks.LEADER);
        names.put("0", Acks.NONE);
        return names;
    }

    private static Map<String, CompressionType> compressionTypes() {
        Map<String, CompressionType> names = new LinkedHashMap<>();
        for (CompressionType type : CompressionType.values()) {
            names.put(type.configName(), type);
        }
        return names;
    }

    /** The codec with its level. */
    static Compression compression(ClientConfig config) {
        CompressionType type = config.get(COMPRESSION_TYPE);
        @Nullable Integer level = switch (type) {
            case GZIP -> config.find(GZIP_LEVEL);
            case LZ4 -> config.find(LZ4_LEVEL);
            case ZSTD -> config.find(ZSTD_LEVEL);
            case NONE, SNAPPY -> null;
        };
        return new Compression(type, level);
    }

    /** Whether batches carry sequences. */
    static boolean isIdempotent(ClientConfig config) {
        return config.get(ENABLE_IDEMPOTENCE) && config.get(ACKS) == Acks.ALL && config.get(RETRIES) > 0;
    }

    /** Checks what one key alone cannot tell. */
    static void validate(ClientConfig config) {
        List<ConfigException.Fault> faults = new ArrayList<>();
        Integer gzip = config.find(GZIP_LEVEL);
        if (gzip != null && gzip == 0) {
            faults.add(new ConfigException.Fault(GZIP_LEVEL.name(), "0", "it must be 1 to 9, or -1"));
        }
        int request = config.get(MAX_REQUEST_SIZE);
        long memory = config.get(BUFFER_MEMORY);
        if (request > memory) {
            faults.add(new ConfigException.Fault(BUFFER_MEMORY.name(), Long.toString(memory),
                    "it must be at least " + MAX_REQUEST_SIZE.name() + ", which is " + request));
        }
        long forEver = Times.nanos(ChronoUnit.FOREVER.getDuration());
        long shortest = Math.min(forEver, Times.nanos(config.get(LINGER)) + Times.nanos(config.get(CommonConfig.REQUEST_TIMEOUT)));
        if (Times.nanos(config.get(DELIVERY_TIMEOUT)) < shortest && config.isGiven(DELIVERY_TIMEOUT)
                && (config.isGiven(LINGER) || config.isGiven(CommonConfig.REQUEST_TIMEOUT))) {
            faults.add(new ConfigException.Fault(DELIVERY_TIMEOUT.name(), Long.toString(config.get(DELIVERY_TIMEOUT).toMillis()),
                    "it must be at least linger.ms + request.timeout.ms, which is " + TimeUnit.NANOSECONDS.toMillis(shortest)));
        }
        if (config.isGiven(ENABLE_IDEMPOTENCE) && config.get(ENABLE_IDEMPOTENCE) && !isIdempotent(config)) {
            String conflict = config.get(RETRIES) == 0 ? RETRIES.name() + "=0" : ACKS.name() + "=" + config.get(ACKS).id();
            faults.add(new ConfigException.Fault(ENABLE_IDEMPOTENCE.name(), "true",
                    "it needs acks=all and retries, and there is " + conflict + "; change one of the two"));
        }
        faults.addAll(transactionFaults(config));
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
    }

    private static List<ConfigException.Fault> transactionFaults(ClientConfig config) {
        String id = config.find(TRANSACTIONAL_ID);
        if (id == null) {
            return config.isGiven(TRANSACTION_TIMEOUT)
                    ? List.of(new ConfigException.Fault(TRANSACTION_TIMEOUT.name(), Long.toString(config.get(TRANSACTION_TIMEOUT).toMillis()),
                            "it has no effect without " + TRANSACTIONAL_ID.name() + "; give that too, or leave this out"))
                    : List.of();
        }
        if (isIdempotent(config)) {
            return List.of();
        }
        String conflict = !config.get(ENABLE_IDEMPOTENCE)
                ? ENABLE_IDEMPOTENCE.name() + "=false"
                : config.get(RETRIES) == 0 ? RETRIES.name() + "=0" : ACKS.name() + "=" + config.get(ACKS).id();
        return List.of(new ConfigException.Fault(TRANSACTIONAL_ID.name(), id,
                "transactions need enable.idempotence, acks=all and retries, and there is " + conflict + "; change one of the two"));
    }
}
