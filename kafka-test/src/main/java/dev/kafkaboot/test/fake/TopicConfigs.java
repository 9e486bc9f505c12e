package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.ConfigDefinition.Type.BOOLEAN;
import static dev.kafkaboot.test.fake.ConfigDefinition.Type.DOUBLE;
import static dev.kafkaboot.test.fake.ConfigDefinition.Type.INT;
import static dev.kafkaboot.test.fake.ConfigDefinition.Type.LIST;
import static dev.kafkaboot.test.fake.ConfigDefinition.Type.LONG;
import static dev.kafkaboot.test.fake.ConfigDefinition.Type.STRING;
import static dev.kafkaboot.test.fake.ConfigDefinition.number;
import static dev.kafkaboot.test.fake.ConfigDefinition.words;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What can be configured for a topic, with the defaults of a broker of version 4. */
final class TopicConfigs {

    static final String MIN_INSYNC_REPLICAS = "min.insync.replicas";

    private static final String NEVER = Long.toString(Long.MAX_VALUE);

    private static final List<ConfigDefinition> SINCE_4_0 = List.of(
            words("cleanup.policy", LIST, "delete", "delete", "compact"),
            number("compression.gzip.level", INT, "-1", -1),
            number("compression.lz4.level", INT, "9", 1),
            words("compression.type", STRING, "producer", "producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"),
            number("compression.zstd.level", INT, "3", -131_072),
            number("delete.retention.ms", LONG, "86400000", 0),
            number("file.delete.delay.ms", LONG, "60000", 0),
            number("flush.messages", LONG, NEVER, 1),
            number("flush.ms", LONG, NEVER, 0),
            words("follower.replication.throttled.replicas", LIST, ""),
            number("index.interval.bytes", INT, "4096", 0),
            words("leader.replication.throttled.replicas", LIST, ""),
            number("local.retention.bytes", LONG, "-2", -2),
            number("local.retention.ms", LONG, "-2", -2),
            number("max.compaction.lag.ms", LONG, NEVER, 1),
            number("max.message.bytes", INT, "1048588", 0),
            number("message.timestamp.after.max.ms", LONG, "3600000", 0),
            number("message.timestamp.before.max.ms", LONG, NEVER, 0),
            words("message.timestamp.type", STRING, "CreateTime", "CreateTime", "LogAppendTime"),
            number("min.cleanable.dirty.ratio", DOUBLE, "0.5", 0),
            number("min.compaction.lag.ms", LONG, "0", 0),
            number(MIN_INSYNC_REPLICAS, INT, "1", 1),
            words("preallocate", BOOLEAN, "false"),
            words("remote.log.copy.disable", BOOLEAN, "false"),
            words("remote.log.delete.on.disable", BOOLEAN, "false"),
            words("remote.storage.enable", BOOLEAN, "false"),
            number("retention.bytes", LONG, "-1", -1),
            number("retention.ms", LONG, "604800000", -1),
            number("segment.bytes", INT, "1073741824", 1024 * 1024),
            number("segment.index.bytes", INT, "10485760", 4),
            number("segment.jitter.ms", LONG, "0", 0),
            number("segment.ms", LONG, "604800000", 1),
            words("unclean.leader.election.enable", BOOLEAN, "false"));

    private static final List<ConfigDefinition> SINCE_4_4 = List.of(
            words("errors.deadletterqueue.group.enable", BOOLEAN, "false"),
            number("max.decompressed.message.bytes", INT, Integer.toString(Integer.MAX_VALUE - 8), 1),
            number("remote.copy.lag.bytes", LONG, "-1", -1),
            number("remote.copy.lag.ms", LONG, "0", -1));

    private static final SortedMap<String, ConfigDefinition> OF_4_0 = table(SINCE_4_0, List.of());
    private static final SortedMap<String, ConfigDefinition> OF_4_4 = table(SINCE_4_0, SINCE_4_4);

    private TopicConfigs() {}

    private static SortedMap<String, ConfigDefinition> table(List<ConfigDefinition> before, List<ConfigDefinition> more) {
        TreeMap<String, ConfigDefinition> table = new TreeMap<>();
        before.forEach(definition -> table.put(definition.name(), definition));
        more.forEach(definition -> table.put(definition.name(), definition));
        return table;
    }

    private static SortedMap<String, ConfigDefinition> table(FakeSettings settings) {
        return Releases.isAtLeast(settings.release(), 4, 4) ? OF_4_4 : OF_4_0;
    }

    /** All keys that brokers of the cluster's release know, by name. */
    static Collection<ConfigDefinition> definitions(FakeSettings settings) {
        return table(settings).values();
    }

    static @Nullable ConfigDefinition find(String name, FakeSettings settings) {
        return table(settings).get(name);
    }

    /** What holds for a topic that sets nothing. */
    static String defaultOf(ConfigDefinition definition, FakeSettings settings) {
        return definition.name().equals(MIN_INSYNC_REPLICAS) ? Integer.toString(settings.minInsyncReplicas()) : definition.defaultValue();
    }

    /** What is wrong with what is to be set, or null. */
    static @Nullable Problem check(Map<String, @Nullable String> configs, FakeSettings settings) {
        for (Map.Entry<String, @Nullable String> config : configs.entrySet()) {
            String wrong = problemWith(config.getKey(), find(config.getKey(), settings), config.getValue());
            if (wrong != null) {
                return new Problem(ErrorCode.INVALID_CONFIG, wrong);
            }
        }
        return null;
    }

    private static @Nullable String problemWith(String name, @Nullable ConfigDefinition definition, @Nullable String value) {
        if (definition == null) {
            return "There is no topic configuration " + name;
        }
        return value == null ? "There is no value for " + name : definition.problemWith(value);
    }
}
