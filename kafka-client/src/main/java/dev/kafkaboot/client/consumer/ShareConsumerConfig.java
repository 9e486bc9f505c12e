package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.ConfigKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration keys of the share consumer. Where a group begins ({@code share.auto.offset.reset}), whose records it sees ({@code share.isolation.level}), how
 * long a record is locked and how often it is delivered are the group's own, and set at the brokers.
 */
public final class ShareConsumerConfig {

    /** The group. */
    public static final ConfigKey<String> GROUP_ID = ConfigKey.string("group.id", null, "Share group that this consumer is a member of. Needed.");

    /** Who acknowledges. */
    public static final ConfigKey<ShareAcknowledgementMode> ACKNOWLEDGEMENT_MODE = ConfigKey.choice(
            "share.acknowledgement.mode", ShareAcknowledgementMode.IMPLICIT, acknowledgementModes(),
            "Whether what a poll handed out is accepted by the next poll or commit (implicit), or record by record by the application (explicit).");

    /** How much is acquired. */
    public static final ConfigKey<ShareAcquireMode> ACQUIRE_MODE = ConfigKey.choice(
            "share.acquire.mode", ShareAcquireMode.BATCH_OPTIMIZED, acquireModes(),
            "Whether whole batches are acquired, which is fast and may exceed max.poll.records (batch_optimized), or never more than that (record_limit, KIP-1206).");

    /** How much a poll returns. */
    public static final ConfigKey<Integer> MAX_POLL_RECORDS = ConfigKey.integer(
            "max.poll.records", 500, 1, Integer.MAX_VALUE,
            "Records that one poll returns: at most with share.acquire.mode=record_limit, else up to the end of a batch.");

    /** Every key, in the order of the reference. */
    public static final List<ConfigKey<?>> KEYS = ConfigKey.union(
            List.of(GROUP_ID, ACKNOWLEDGEMENT_MODE, ACQUIRE_MODE, MAX_POLL_RECORDS, ConsumerConfig.MAX_POLL_INTERVAL, ConsumerConfig.FETCH_MIN_BYTES,
                    ConsumerConfig.FETCH_MAX_WAIT, ConsumerConfig.FETCH_MAX_BYTES, ConsumerConfig.CHECK_CRCS),
            CommonConfig.KEYS);

    private static final Map<String, String> OF_OTHERS = keysOfOthers();

    private ShareConsumerConfig() {}

    private static Map<String, ShareAcknowledgementMode> acknowledgementModes() {
        Map<String, ShareAcknowledgementMode> names = new LinkedHashMap<>();
        names.put("implicit", ShareAcknowledgementMode.IMPLICIT);
        names.put("explicit", ShareAcknowledgementMode.EXPLICIT);
        return names;
    }

    private static Map<String, ShareAcquireMode> acquireModes() {
        Map<String, ShareAcquireMode> names = new LinkedHashMap<>();
        names.put("batch_optimized", ShareAcquireMode.BATCH_OPTIMIZED);
        names.put("record_limit", ShareAcquireMode.RECORD_LIMIT);
        return names;
    }

    /** What is given of keys that other consumers have and share consumers cannot, each with where it belongs. */
    static List<ConfigException.Fault> ofOthers(Map<String, ?> given) {
        return OF_OTHERS.entrySet().stream()
                .filter(other -> given.get(other.getKey()) != null)
                .map(other -> new ConfigException.Fault(other.getKey(), String.valueOf(given.get(other.getKey())), other.getValue()))
                .toList();
    }

    private static Map<String, String> keysOfOthers() {
        Map<String, String> remedies = new LinkedHashMap<>();
        remedies.put(ConsumerConfig.AUTO_OFFSET_RESET.name(), "a share group has share.auto.offset.reset instead, which is set at the brokers for the group");
        remedies.put(ConsumerConfig.ISOLATION_LEVEL.name(), "a share group has share.isolation.level instead, which is set at the brokers for the group");
        List.of(ConsumerConfig.ENABLE_AUTO_COMMIT, ConsumerConfig.AUTO_COMMIT_INTERVAL)
                .forEach(key -> remedies.put(key.name(), "a share consumer commits no offsets; see " + ACKNOWLEDGEMENT_MODE.name()));
        List.of(ConsumerConfig.SESSION_TIMEOUT, ConsumerConfig.HEARTBEAT_INTERVAL)
                .forEach(key -> remedies.put(key.name(), "the brokers decide it for share groups"));
        List.of(ConsumerConfig.GROUP_PROTOCOL, ConsumerConfig.GROUP_REMOTE_ASSIGNOR, ConsumerConfig.GROUP_INSTANCE_ID,
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY)
                .forEach(key -> remedies.put(key.name(), "share groups have no such thing"));
        return remedies;
    }

    /** Checks what one key alone cannot tell. */
    static void validate(ClientConfig config) {
        if (config.find(GROUP_ID) == null) {
            throw new ConfigException(List.of(new ConfigException.Fault(GROUP_ID.name(), "(not given)", "it must name the share group")));
        }
    }
}
