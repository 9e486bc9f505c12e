package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.IsolationLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The configuration keys of the consumer. */
public final class ConsumerConfig {

    /** The group. */
    public static final ConfigKey<String> GROUP_ID = ConfigKey.string(
            "group.id", null, "Group that this consumer is a member of, and under which offsets are committed. Without one, subscribing reads all partitions and nothing is committed.");

    /** How the group is run. */
    public static final ConfigKey<GroupProtocol> GROUP_PROTOCOL = ConfigKey.choice(
            "group.protocol", GroupProtocol.CLASSIC, protocols(),
            "How partitions are shared out: classic, by one of the members; consumer, by the coordinator (KIP-848), which needs Kafka 4.0 or later; auto, "
                    + "as with consumer where the group's coordinator takes that and no key is given that only classic groups have, else as with classic. The members "
                    + "of a group may be moved from one to the other one by one.");

    /** Who distributes the partitions at the coordinator. */
    public static final ConfigKey<String> GROUP_REMOTE_ASSIGNOR = ConfigKey.string(
            "group.remote.assignor", null,
            "Assignor of the coordinator that this member wishes for, such as uniform or range; most wishes decide. Only with group.protocol=consumer.");

    /** Who the consumer is, across restarts. */
    public static final ConfigKey<String> GROUP_INSTANCE_ID = ConfigKey.string(
            "group.instance.id", null,
            "Name of a static member, which keeps its partitions while it is restarted within session.timeout.ms (KIP-345). Of two consumers with the same name "
                    + "one is refused.");

    /** Whether positions are committed without being asked. */
    public static final ConfigKey<Boolean> ENABLE_AUTO_COMMIT = ConfigKey.bool(
            "enable.auto.commit", true,
            "Whether what earlier polls handed out is committed from time to time, on revocation and on close. Without a group.id it is off.");

    /** How often that happens. */
    public static final ConfigKey<Duration> AUTO_COMMIT_INTERVAL = ConfigKey.millis(
            "auto.commit.interval.ms", Duration.ofSeconds(5), Duration.ofMillis(1), "Time between automatic commits.");

    /** Whether records count as finished only when the application says so. */
    public static final ConfigKey<CommitMarks> COMMIT_MARKS = ConfigKey.choice(
            "commit.marks", CommitMarks.OFF, marks(),
            "Whether the application marks each record that it has finished, in any order, and only what is marked without a gap is committed: off; manual, by "
                    + "commitMarked; auto, every auto.commit.interval.ms, before partitions are given up, and on close. In place of enable.auto.commit.");

    /** How much may be unfinished. */
    public static final ConfigKey<Integer> MAX_UNMARKED_RECORDS = ConfigKey.integer(
            "max.unmarked.records", 10_000, 1, Integer.MAX_VALUE,
            "Most records of one partition that are handed out and not marked; polls return no more of it until some are. Only with commit.marks.");

    /** Where to begin. */
    public static final ConfigKey<OffsetResetPolicy> AUTO_OFFSET_RESET = ConfigKey.custom(
            "auto.offset.reset", "choice", OffsetResetPolicy.LATEST,
            "it must be one of [earliest, latest, none], or by_duration: and a duration such as PT1H, which is an hour",
            value -> value instanceof OffsetResetPolicy policy ? policy : OffsetResetPolicy.named(value.toString()),
            "Where to read from when there is no committed offset or the position does not exist any more: at the first record, at the next that is written, "
                    + "nowhere (the application is told), or at the first record that is not older than a duration (by_duration:PT1H, KIP-1106).");

    /** Where to go on. */
    public static final ConfigKey<OutOfRangeReset> AUTO_OFFSET_RESET_OUT_OF_RANGE = ConfigKey.choice(
            "auto.offset.reset.out.of.range", OutOfRangeReset.RESET, outOfRangeResets(),
            "Where to go on when the position does not exist any more: reset, as auto.offset.reset says; last_seen, at the first record that is not older than the "
                    + "last one that was handed out since the last seek, and as auto.offset.reset says if there is none.");

    /** How long a member may be silent. */
    public static final ConfigKey<Duration> SESSION_TIMEOUT = ConfigKey.millis(
            "session.timeout.ms", Duration.ofSeconds(45), Duration.ofMillis(1),
            "Time without a heartbeat after which the group gives this member's partitions to others. With group.protocol=consumer the broker decides "
                    + "(group.consumer.session.timeout.ms).");

    /** How often a member is heard. */
    public static final ConfigKey<Duration> HEARTBEAT_INTERVAL = ConfigKey.millis(
            "heartbeat.interval.ms", Duration.ofSeconds(3), Duration.ofMillis(1),
            "Time between heartbeats, which go on whatever the application does. Shorter than session.timeout.ms. With group.protocol=consumer the broker "
                    + "decides (group.consumer.heartbeat.interval.ms).");

    /** How long the application may be silent. */
    public static final ConfigKey<Duration> MAX_POLL_INTERVAL = ConfigKey.millis(
            "max.poll.interval.ms", Duration.ofMinutes(5), Duration.ofMillis(1),
            "Time without a poll after which the group is left, so that others get the partitions of an application that is stuck.");

    /** How much a poll returns. */
    public static final ConfigKey<Integer> MAX_POLL_RECORDS = ConfigKey.integer(
            "max.poll.records", 500, 1, Integer.MAX_VALUE, "Most records that one poll returns.");

    /** What a fetch waits for. */
    public static final ConfigKey<Integer> FETCH_MIN_BYTES = ConfigKey.integer(
            "fetch.min.bytes", 1, 0, Integer.MAX_VALUE, "Bytes that a broker waits for before it answers a fetch, up to fetch.max.wait.ms.");

    /** How long a fetch waits. */
    public static final ConfigKey<Duration> FETCH_MAX_WAIT = ConfigKey.millis(
            "fetch.max.wait.ms", Duration.ofMillis(500), Duration.ZERO, "Time that a broker waits for fetch.min.bytes.");

    /** How much a fetch brings. */
    public static final ConfigKey<Integer> FETCH_MAX_BYTES = ConfigKey.integer(
            "fetch.max.bytes", 50 * 1024 * 1024, 1, Integer.MAX_VALUE,
            "Bytes that one fetch brings at most; a single batch that is larger is brought all the same.");

    /** How much a fetch brings of one partition. */
    public static final ConfigKey<Integer> MAX_PARTITION_FETCH_BYTES = ConfigKey.integer(
            "max.partition.fetch.bytes", 1024 * 1024, 1, Integer.MAX_VALUE,
            "Bytes of one partition that one fetch brings at most; a single batch that is larger is brought all the same.");

    /** Memory for what was fetched. */
    public static final ConfigKey<Long> BUFFER_MEMORY = ConfigKey.longInteger(
            "buffer.memory", 64L * 1024 * 1024, 64 * 1024, Long.MAX_VALUE,
            "Bytes of fetched answers that may wait to be polled; nothing more is fetched beyond it (KIP-81).");

    /** Whose records are seen. */
    public static final ConfigKey<IsolationLevel> ISOLATION_LEVEL = ConfigKey.choice(
            "isolation.level", IsolationLevel.READ_UNCOMMITTED, isolationLevels(),
            "Whether records of transactions are seen before they are committed (KIP-98).");

    /** Whether checksums are checked. */
    public static final ConfigKey<Boolean> CHECK_CRCS = ConfigKey.bool(
            "check.crcs", true, "Whether the checksum of each batch is checked.");

    /** Who distributes the partitions. */
    public static final ConfigKey<List<String>> PARTITION_ASSIGNMENT_STRATEGY = ConfigKey.list(
            "partition.assignment.strategy", List.of("range", "cooperative-sticky"),
            "Assignors that this member can live with, in the order of preference: range, roundrobin, sticky, cooperative-sticky; Apache's class names are known "
                    + "too, and the builder takes one's own. "
                    + "Partitions stay with their owners during a rebalance only if all of them are cooperative. Only with group.protocol=classic.");

    /** Whether asking makes topics. */
    public static final ConfigKey<Boolean> ALLOW_AUTO_CREATE_TOPICS = ConfigKey.bool(
            "allow.auto.create.topics", true, "Whether subscribing to a topic may make brokers create it, if they are set up for that (KIP-361).");

    /** Whether patterns match Kafka's own topics. */
    public static final ConfigKey<Boolean> EXCLUDE_INTERNAL_TOPICS = ConfigKey.bool(
            "exclude.internal.topics", true,
            "Whether topics that Kafka makes for itself are left out by a pattern that this consumer matches; by their names they may be subscribed to.");

    /** Every key, in the order of the reference. */
    public static final List<ConfigKey<?>> KEYS = ConfigKey.union(
            List.of(GROUP_ID, GROUP_PROTOCOL, GROUP_REMOTE_ASSIGNOR, GROUP_INSTANCE_ID, ENABLE_AUTO_COMMIT, AUTO_COMMIT_INTERVAL, COMMIT_MARKS, MAX_UNMARKED_RECORDS, AUTO_OFFSET_RESET, AUTO_OFFSET_RESET_OUT_OF_RANGE, SESSION_TIMEOUT, HEARTBEAT_INTERVAL, MAX_POLL_INTERVAL,
                    MAX_POLL_RECORDS, FETCH_MIN_BYTES, FETCH_MAX_WAIT, FETCH_MAX_BYTES, MAX_PARTITION_FETCH_BYTES, BUFFER_MEMORY, ISOLATION_LEVEL,
                    CHECK_CRCS, PARTITION_ASSIGNMENT_STRATEGY, ALLOW_AUTO_CREATE_TOPICS, EXCLUDE_INTERNAL_TOPICS),
            CommonConfig.KEYS);

    private ConsumerConfig() {}

    private static Map<String, GroupProtocol> protocols() {
        Map<String, GroupProtocol> names = new LinkedHashMap<>();
        names.put("classic", GroupProtocol.CLASSIC);
        names.put("consumer", GroupProtocol.CONSUMER);
        names.put("auto", GroupProtocol.AUTO);
        return names;
    }

    private static Map<String, CommitMarks> marks() {
        Map<String, CommitMarks> names = new LinkedHashMap<>();
        names.put("off", CommitMarks.OFF);
        names.put("manual", CommitMarks.MANUAL);
        names.put("auto", CommitMarks.AUTO);
        return names;
    }

    private static Map<String, OutOfRangeReset> outOfRangeResets() {
        Map<String, OutOfRangeReset> names = new LinkedHashMap<>();
        names.put("reset", OutOfRangeReset.RESET);
        names.put("last_seen", OutOfRangeReset.LAST_SEEN);
        return names;
    }

    private static Map<String, IsolationLevel> isolationLevels() {
        Map<String, IsolationLevel> names = new LinkedHashMap<>();
        names.put("read_uncommitted", IsolationLevel.READ_UNCOMMITTED);
        names.put("read_committed", IsolationLevel.READ_COMMITTED);
        return names;
    }

    /** Checks what one key alone cannot tell. */
    static void validate(ClientConfig config) {
        List<ConfigException.Fault> faults = new ArrayList<>();
        Duration heartbeat = config.get(HEARTBEAT_INTERVAL);
        Duration session = config.get(SESSION_TIMEOUT);
        if (heartbeat.compareTo(session) >= 0) {
            faults.add(new ConfigException.Fault(HEARTBEAT_INTERVAL.name(), Long.toString(heartbeat.toMillis()),
                    "it must be less than " + SESSION_TIMEOUT.name() + ", which is " + session.toMillis()));
        }
        if (config.find(GROUP_ID) == null && config.isGiven(ENABLE_AUTO_COMMIT) && config.get(ENABLE_AUTO_COMMIT)) {
            faults.add(new ConfigException.Fault(ENABLE_AUTO_COMMIT.name(), "true", "it needs " + GROUP_ID.name()));
        }
        faults.addAll(ofMarks(config));
        for (String name : config.get(PARTITION_ASSIGNMENT_STRATEGY)) {
            if (PartitionAssignor.named(name) == null) {
                faults.add(new ConfigException.Fault(PARTITION_ASSIGNMENT_STRATEGY.name(), name, "it must be range, roundrobin, sticky or cooperative-sticky"));
            }
        }
        faults.addAll(ofOtherProtocol(config));
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
    }

    /** Keys that only classic groups have. */
    private static final List<ConfigKey<?>> CLASSIC_KEYS = List.of(SESSION_TIMEOUT, HEARTBEAT_INTERVAL, PARTITION_ASSIGNMENT_STRATEGY);

    /** Whether a key is given that only classic groups have: with {@code group.protocol=auto} it decides. */
    static boolean isForClassicGroups(ClientConfig config) {
        return CLASSIC_KEYS.stream().anyMatch(config::isGiven);
    }

    private static List<ConfigException.Fault> ofMarks(ClientConfig config) {
        List<ConfigException.Fault> faults = new ArrayList<>();
        CommitMarks marks = config.get(COMMIT_MARKS);
        String text = marks.name().toLowerCase(Locale.ROOT);
        if (marks == CommitMarks.OFF) {
            if (config.isGiven(MAX_UNMARKED_RECORDS)) {
                faults.add(new ConfigException.Fault(MAX_UNMARKED_RECORDS.name(), String.valueOf(config.get(MAX_UNMARKED_RECORDS)),
                        "it needs " + COMMIT_MARKS.name() + "=manual or auto"));
            }
            return faults;
        }
        if (config.find(GROUP_ID) == null) {
            faults.add(new ConfigException.Fault(COMMIT_MARKS.name(), text, "it needs " + GROUP_ID.name()));
        }
        if (config.isGiven(ENABLE_AUTO_COMMIT) && config.get(ENABLE_AUTO_COMMIT)) {
            faults.add(new ConfigException.Fault(ENABLE_AUTO_COMMIT.name(), "true",
                    "it cannot be true with " + COMMIT_MARKS.name() + "=" + text + ", which takes its place"));
        }
        return faults;
    }

    /** Keys that are given and mean nothing with the group's protocol: whoever set one would wait for its effect in vain. */
    private static List<ConfigException.Fault> ofOtherProtocol(ClientConfig config) {
        return switch (config.get(GROUP_PROTOCOL)) {
            case CLASSIC -> faults(config, List.of(GROUP_REMOTE_ASSIGNOR), "it needs " + GROUP_PROTOCOL.name() + "=consumer");
            case CONSUMER -> faults(
                    config, CLASSIC_KEYS, "it cannot be set with " + GROUP_PROTOCOL.name() + "=consumer, where the brokers decide it");
            case AUTO -> isForClassicGroups(config)
                    ? faults(config, List.of(GROUP_REMOTE_ASSIGNOR), "it means nothing beside a key that only classic groups have; choose a "
                            + GROUP_PROTOCOL.name())
                    : List.of();
        };
    }

    private static List<ConfigException.Fault> faults(ClientConfig config, List<ConfigKey<?>> meaningless, String remedy) {
        return meaningless.stream()
                .filter(config::isGiven)
                .map(key -> new ConfigException.Fault(key.name(), String.valueOf(config.find(key)), remedy))
                .toList();
    }
}
