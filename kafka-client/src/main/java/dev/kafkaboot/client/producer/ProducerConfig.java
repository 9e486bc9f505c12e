package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.net.Times;
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
            "Requests under way on one connection. Of one partition up to five batches are, in order; without idempotence one is, so that records stay in order.");

    /** How long a topic is kept that nothing is sent to. */
    public static final ConfigKey<Duration> METADATA_MAX_IDLE = ConfigKey.millis(
            "metadata.max.idle.ms", Duration.ofMinutes(5), Duration.ofSeconds(5),
            "Time after which a topic that nothing is sent to is forgotten, and no longer asked about (KIP-526).");

    /** Whether nothing is written twice. */
    public static final ConfigKey<Boolean> ENABLE_IDEMPOTENCE = ConfigKey.bool(
            "enable.idempotence", true,
            "Whether brokers recognise a batch that is sent again, so that it is written once. It needs acks=all and retries; where those are given otherwise, "
                    + "it is off unless it is asked for (KIP-98, KIP-679).");

    static final String ROUND_ROBIN = "round-robin";

    /** Apache's own name for it, which configurations have that come from there. */
    private static final String APACHES_ROUND_ROBIN = "org.apache.kafka.clients.producer.RoundRobinPartitioner";

    /**
     * The partitioner of the application. Without one, a record with a key goes by the key's hash, as with Kafka's Java clients, and one without a key goes
     * to one partition until a batch is full there, and then to another one (KIP-480, KIP-794).
     */
    public static final ConfigKey<Partitioner> PARTITIONER = ConfigKey.custom(
            "partitioner.class", "partitioner", null,
            "it must be a Partitioner, or " + ROUND_ROBIN + " (or Apache's name for it); classes are not loaded by their names",
            ProducerConfig::partitioner,
            "Chooses the partitions of records that name none. Without it, records with a key go by the key's hash (murmur2), and those without a key to "
                    + "one partition until a batch is full there, and then to another one (KIP-480, KIP-794).");

    /** Whether records without keys go where less waits. */
    public static final ConfigKey<Boolean> PARTITIONER_ADAPTIVE = ConfigKey.bool(
            "partitioner.adaptive.partitioning.enable", true,
            "Whether records without a key go rather to partitions for which less waits to be sent and acknowledged, so that a slow broker gets fewer (KIP-794). "
                    + "Of no meaning with a partitioner of one's own.");

    /** When a broker counts as not available. */
    public static final ConfigKey<Duration> PARTITIONER_AVAILABILITY_TIMEOUT = ConfigKey.millis(
            "partitioner.availability.timeout.ms", Duration.ZERO, Duration.ZERO,
            "Time after which records without a key go to no partition of a broker to which nothing could be sent for so long, as long as there are others; 0 for "
                    + "never (KIP-794). Of no meaning with a partitioner of one's own.");

    /** Whether keys do not matter for partitions. */
    public static final ConfigKey<Boolean> PARTITIONER_IGNORE_KEYS = ConfigKey.bool(
            "partitioner.ignore.keys", false,
            "Whether records with a key go where those without go (KIP-794). Of no meaning with a partitioner of one's own.");

    /** Whether leaders in the client's rack are preferred. */
    public static final ConfigKey<Boolean> PARTITIONER_RACK_AWARE = ConfigKey.bool(
            "partitioner.rack.aware", false,
            "Whether records without a key go to partitions whose leader is in the rack that client.rack names, as long as there are such (KIP-1123). Of no "
                    + "meaning with a partitioner of one's own.");

    /** The keys that single topics can have otherwise, see {@link #TOPIC_PREFIX}. */
    public static final List<ConfigKey<?>> TOPIC_KEYS = List.of(BATCH_SIZE, COMPRESSION_TYPE, GZIP_LEVEL, LZ4_LEVEL, ZSTD_LEVEL, LINGER);

    /** What one of {@link #TOPIC_KEYS} begins with that is for one topic: {@code topics.orders.linger.ms}. */
    public static final String TOPIC_PREFIX = "topics.";

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

    /** Whether somebody else decides on transactions. */
    public static final ConfigKey<Boolean> TRANSACTION_TWO_PHASE_COMMIT = ConfigKey.bool(
            "transaction.two.phase.commit.enable", false,
            "Whether the producer takes part in two-phase commits: somebody else decides on its transactions, which it prepares, and which last until they are "
                    + "completed. It takes brokers that allow it: their unstable.api.versions.enable and transaction.two.phase.commit.enable, and the right "
                    + "TWO_PHASE_COMMIT to the transactional id (KIP-939).");

    /** Every key, in the order of the reference. */
    public static final List<ConfigKey<?>> KEYS = ConfigKey.union(
            List.of(ACKS, BATCH_SIZE, BUFFER_MEMORY, COMPRESSION_TYPE, GZIP_LEVEL, LZ4_LEVEL, ZSTD_LEVEL, DELIVERY_TIMEOUT, LINGER, MAX_BLOCK,
                    MAX_REQUEST_SIZE, RETRIES, MAX_IN_FLIGHT, METADATA_MAX_IDLE, ENABLE_IDEMPOTENCE, PARTITIONER, PARTITIONER_ADAPTIVE,
                    PARTITIONER_AVAILABILITY_TIMEOUT, PARTITIONER_IGNORE_KEYS, PARTITIONER_RACK_AWARE, TRANSACTIONAL_ID, TRANSACTION_TIMEOUT,
                    TRANSACTION_TWO_PHASE_COMMIT),
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

    private static @Nullable Partitioner partitioner(Object given) {
        if (given instanceof Partitioner own) {
            return own;
        }
        String name = given.toString().strip();
        return name.equalsIgnoreCase(ROUND_ROBIN) || name.equals(APACHES_ROUND_ROBIN) ? Partitioners.roundRobin() : null;
    }

    /** Whether a key is for one topic. */
    public static boolean isOfATopic(String key) {
        return key.startsWith(TOPIC_PREFIX);
    }

    /** Whether batches carry sequences. */
    static boolean isIdempotent(ClientConfig config) {
        return config.get(ENABLE_IDEMPOTENCE) && config.get(ACKS) == Acks.ALL && config.get(RETRIES) > 0;
    }

    /** Checks what one key alone cannot tell. */
    static void validate(ClientConfig config) {
        List<ConfigException.Fault> faults = new ArrayList<>(faultsOfLevels(config));
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
        if (config.get(PARTITIONER_RACK_AWARE) && config.find(CommonConfig.CLIENT_RACK) == null) {
            faults.add(new ConfigException.Fault(PARTITIONER_RACK_AWARE.name(), "true", "it needs " + CommonConfig.CLIENT_RACK.name() + ", which is not given"));
        }
        faults.addAll(transactionFaults(config));
        refuse(faults);
    }

    /** Checks what one key alone cannot tell of those that single topics have. */
    static void validateLevels(ClientConfig config) {
        refuse(faultsOfLevels(config));
    }

    private static List<ConfigException.Fault> faultsOfLevels(ClientConfig config) {
        Integer gzip = config.find(GZIP_LEVEL);
        return gzip != null && gzip == 0
                ? List.of(new ConfigException.Fault(GZIP_LEVEL.name(), "0", "it must be 1 to 9, or -1"))
                : List.of();
    }

    private static void refuse(List<ConfigException.Fault> faults) {
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
    }

    private static List<ConfigException.Fault> transactionFaults(ClientConfig config) {
        String id = config.find(TRANSACTIONAL_ID);
        boolean isTwoPhase = config.get(TRANSACTION_TWO_PHASE_COMMIT);
        List<ConfigException.Fault> faults = new ArrayList<>();
        if (config.isGiven(TRANSACTION_TIMEOUT) && isTwoPhase) {
            faults.add(timeoutFault(config, "with " + TRANSACTION_TWO_PHASE_COMMIT.name() + "=true a transaction lasts until it is completed; leave one of the two out"));
        } else if (config.isGiven(TRANSACTION_TIMEOUT) && id == null) {
            faults.add(timeoutFault(config, "it has no effect without " + TRANSACTIONAL_ID.name() + "; give that too, or leave this out"));
        }
        if (isTwoPhase && id == null) {
            faults.add(new ConfigException.Fault(TRANSACTION_TWO_PHASE_COMMIT.name(), "true",
                    "it has no effect without " + TRANSACTIONAL_ID.name() + "; give that too, or leave this out"));
        }
        if (id != null && !isIdempotent(config)) {
            faults.add(idempotenceFault(config, id));
        }
        return faults;
    }

    private static ConfigException.Fault timeoutFault(ClientConfig config, String problem) {
        return new ConfigException.Fault(TRANSACTION_TIMEOUT.name(), Long.toString(config.get(TRANSACTION_TIMEOUT).toMillis()), problem);
    }

    private static ConfigException.Fault idempotenceFault(ClientConfig config, String id) {
        String conflict = !config.get(ENABLE_IDEMPOTENCE)
                ? ENABLE_IDEMPOTENCE.name() + "=false"
                : config.get(RETRIES) == 0 ? RETRIES.name() + "=0" : ACKS.name() + "=" + config.get(ACKS).id();
        return new ConfigException.Fault(TRANSACTIONAL_ID.name(), id,
                "transactions need enable.idempotence, acks=all and retries, and there is " + conflict + "; change one of the two");
    }
}
