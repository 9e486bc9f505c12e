package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.ConfigDefinition.Type.BOOLEAN;
import static dev.kafkaboot.test.fake.ConfigDefinition.Type.INT;
import static dev.kafkaboot.test.fake.ConfigDefinition.Type.LIST;
import static dev.kafkaboot.test.fake.ConfigDefinition.Type.LONG;
import static dev.kafkaboot.test.fake.ConfigDefinition.Type.STRING;
import static dev.kafkaboot.test.fake.ConfigDefinition.number;
import static dev.kafkaboot.test.fake.ConfigDefinition.words;

import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What can be configured for a group (KIP-848, KIP-932, KIP-1071): the bounds are those that brokers have unless they are configured otherwise, but for the times of
 * consumer and share groups, which may be as short as with {@code RealKafka}. What the cluster itself was made with is within them in any case.
 *
 * @param definition the key, with the value that holds for a group that sets nothing
 * @param fallback the key that is looked for where a group sets nothing: of the brokers' configuration, or the same
 * @param usual what a broker does if it is not configured
 */
record GroupConfig(ConfigDefinition definition, String fallback, String usual) {

    static final String CONSUMER_SESSION_TIMEOUT = "consumer.session.timeout.ms";
    static final String CONSUMER_HEARTBEAT_INTERVAL = "consumer.heartbeat.interval.ms";

    private static final int SESSION_MIN = 1_000;
    private static final int SESSION_MAX = 60_000;
    private static final int HEARTBEAT_MIN = 100;
    private static final int HEARTBEAT_MAX = 15_000;
    private static final int ASSIGNMENT_USUAL = 1_000;
    private static final int ASSIGNMENT_MAX = 15_000;

    private static final List<GroupConfig> SINCE_4_4 = List.of(
            ofGroup(words("errors.deadletterqueue.copy.record.enable", BOOLEAN, "false")),
            ofGroup(words("errors.deadletterqueue.topic.name", STRING, "")),
            new GroupConfig(words("streams.assignor.name", STRING, "sticky"), "group.streams.assignors", "sticky"),
            ofBroker(words("streams.rack.aware.assignment.tags", LIST, "")));

    /** What can be set and is not told. */
    private static final List<GroupConfig> UNTOLD_SINCE_4_4 = List.of(
            ofBroker(words("consumer.assignor.offload.enable", BOOLEAN, "true")),
            ofBroker(words("share.assignor.offload.enable", BOOLEAN, "true")),
            ofBroker(number("streams.acceptable.recovery.lag", LONG, "10000", 0)),
            ofBroker(words("streams.assignor.offload.enable", BOOLEAN, "true")),
            ofBroker(number("streams.num.warmup.replicas", INT, "2", 0)),
            ofBroker(number("streams.task.offset.interval.ms", INT, "60000", 1)));

    /** All keys that brokers of the cluster's release tell of, by name. */
    static Collection<GroupConfig> all(FakeSettings settings) {
        return table(settings).values().stream().filter(config -> !UNTOLD_SINCE_4_4.contains(config)).toList();
    }

    private static SortedMap<String, GroupConfig> table(FakeSettings settings) {
        TreeMap<String, GroupConfig> table = new TreeMap<>();
        add(table, consumers(settings.groups(), GroupSettings.DEFAULT));
        add(table, shares(settings.shares(), ShareSettings.DEFAULT));
        add(table, streams());
        if (Releases.isAtLeast(settings.release(), 4, 4)) {
            add(table, SINCE_4_4);
            add(table, UNTOLD_SINCE_4_4);
        }
        return table;
    }

    private static void add(Map<String, GroupConfig> table, List<GroupConfig> configs) {
        configs.forEach(config -> table.put(config.definition.name(), config));
    }

    private static List<GroupConfig> consumers(GroupSettings own, GroupSettings usual) {
        return List.of(
                around(CONSUMER_SESSION_TIMEOUT, own.consumerSessionTimeoutMillis(), usual.consumerSessionTimeoutMillis(), SESSION_MIN, SESSION_MAX),
                around(CONSUMER_HEARTBEAT_INTERVAL, own.consumerHeartbeatIntervalMillis(), usual.consumerHeartbeatIntervalMillis(), HEARTBEAT_MIN,
                        HEARTBEAT_MAX),
                around("consumer.assignment.interval.ms", 0, ASSIGNMENT_USUAL, 0, ASSIGNMENT_MAX));
    }

    private static List<GroupConfig> shares(ShareSettings own, ShareSettings usual) {
        return List.of(
                around(ShareConfigs.SESSION_TIMEOUT, own.sessionTimeoutMillis(), usual.sessionTimeoutMillis(), SESSION_MIN, SESSION_MAX),
                around(ShareConfigs.HEARTBEAT_INTERVAL, own.heartbeatIntervalMillis(), usual.heartbeatIntervalMillis(), HEARTBEAT_MIN, HEARTBEAT_MAX),
                around("share.assignment.interval.ms", 0, ASSIGNMENT_USUAL, 0, ASSIGNMENT_MAX),
                around(ShareConfigs.RECORD_LOCK_DURATION, own.recordLockMillis(), usual.recordLockMillis(), 15_000, 60_000),
                around(ShareConfigs.DELIVERY_COUNT_LIMIT, own.deliveryCountLimit(), usual.deliveryCountLimit(), 2, 10),
                around(ShareConfigs.MAX_RECORD_LOCKS, own.maxRecordLocks(), usual.maxRecordLocks(), 100, 4_000),
                ofGroup(words(ShareConfigs.AUTO_OFFSET_RESET, STRING, ShareConfigs.LATEST)),
                ofGroup(words(
                        ShareConfigs.ISOLATION_LEVEL, STRING, ShareConfigs.READ_UNCOMMITTED, ShareConfigs.READ_COMMITTED, ShareConfigs.READ_UNCOMMITTED)),
                ofGroup(words(ShareConfigs.RENEW_ENABLE, BOOLEAN, "true")));
    }

    private static List<GroupConfig> streams() {
        return List.of(
                around("streams.session.timeout.ms", 45_000, 45_000, 45_000, SESSION_MAX),
                around("streams.heartbeat.interval.ms", 5_000, 5_000, 5_000, HEARTBEAT_MAX),
                around("streams.assignment.interval.ms", ASSIGNMENT_USUAL, ASSIGNMENT_USUAL, 0, ASSIGNMENT_MAX),
                around("streams.num.standby.replicas", 0, 0, 0, 2),
                ofBroker(number("streams.initial.rebalance.delay.ms", INT, "3000", 0)));
    }

    /** A number that may in any case be as little or as much as the cluster was made with. */
    private static GroupConfig around(String name, int own, int usual, int min, int max) {
        ConfigDefinition definition = ConfigDefinition.between(name, INT, Integer.toString(own), Math.min(own, min), Math.max(own, max));
        return new GroupConfig(definition, "group." + name, Integer.toString(usual));
    }

    private static GroupConfig ofBroker(ConfigDefinition definition) {
        return new GroupConfig(definition, "group." + definition.name(), definition.defaultValue());
    }

    private static GroupConfig ofGroup(ConfigDefinition definition) {
        return new GroupConfig(definition, definition.name(), definition.defaultValue());
    }

    // ---- what is wrong

    /** What is wrong with all that a group is to be set to, or null. */
    static @Nullable Problem check(Map<String, @Nullable String> configs, FakeSettings settings) {
        SortedMap<String, GroupConfig> table = table(settings);
        for (Map.Entry<String, @Nullable String> config : configs.entrySet()) {
            String wrong = problemWith(config.getKey(), table.get(config.getKey()), config.getValue());
            if (wrong != null) {
                return new Problem(ErrorCode.INVALID_CONFIG, wrong);
            }
        }
        for (String kind : List.of("consumer", "share", "streams")) {
            String session = kind + ".session.timeout.ms";
            String heartbeat = kind + ".heartbeat.interval.ms";
            if (holding(session, configs, table) <= holding(heartbeat, configs, table)) {
                return new Problem(ErrorCode.INVALID_CONFIG, session + " is not more than " + heartbeat);
            }
        }
        return null;
    }

    private static @Nullable String problemWith(String name, @Nullable GroupConfig known, @Nullable String value) {
        if (known == null) {
            return "There is no group configuration " + name;
        }
        if (value == null) {
            return "There is no value for " + name;
        }
        boolean isReset = name.equals(ShareConfigs.AUTO_OFFSET_RESET);
        return isReset && !isReset(value.trim()) ? "The value '" + value + "' of " + name + " says of no offset" : known.definition.problemWith(value);
    }

    private static boolean isReset(String value) {
        if (!value.startsWith(ShareConfigs.BY_DURATION)) {
            return value.equals(ShareConfigs.EARLIEST) || value.equals(ShareConfigs.LATEST);
        }
        try {
            return !Duration.parse(value.substring(ShareConfigs.BY_DURATION.length())).isNegative();
        } catch (DateTimeParseException notADuration) {
            return false;
        }
    }

    private static long holding(String name, Map<String, @Nullable String> configs, Map<String, GroupConfig> table) {
        String own = configs.get(name);
        GroupConfig known = table.get(name);
        String holds = own != null ? own : known == null ? "" : known.definition.defaultValue();
        return Long.parseLong(holds.trim());
    }
}
