package dev.kafkaboot.test.fake;

import java.time.Duration;
import java.util.Map;

/** What holds for one share group: what is configured for the group (the resource type GROUP), and what the brokers are configured with where that says nothing. */
final class ShareConfigs {

    static final String SESSION_TIMEOUT = "share.session.timeout.ms";
    static final String HEARTBEAT_INTERVAL = "share.heartbeat.interval.ms";
    static final String RECORD_LOCK_DURATION = "share.record.lock.duration.ms";
    static final String AUTO_OFFSET_RESET = "share.auto.offset.reset";
    static final String ISOLATION_LEVEL = "share.isolation.level";
    static final String DELIVERY_COUNT_LIMIT = "share.delivery.count.limit";
    static final String MAX_RECORD_LOCKS = "share.partition.max.record.locks";
    static final String RENEW_ENABLE = "share.renew.acknowledge.enable";

    static final String LATEST = "latest";
    static final String EARLIEST = "earliest";
    static final String BY_DURATION = "by_duration:";
    static final String READ_COMMITTED = "read_committed";
    static final String READ_UNCOMMITTED = "read_uncommitted";

    private final FakeKafka cluster;
    private final String groupId;

    ShareConfigs(FakeKafka cluster, String groupId) {
        this.cluster = cluster;
        this.groupId = groupId;
    }

    int sessionTimeoutMillis() {
        return number(SESSION_TIMEOUT, cluster.settings().shares().sessionTimeoutMillis());
    }

    int heartbeatIntervalMillis() {
        return number(HEARTBEAT_INTERVAL, cluster.settings().shares().heartbeatIntervalMillis());
    }

    /** How long a member has for the records that it was given. */
    int recordLockMillis() {
        return number(RECORD_LOCK_DURATION, cluster.settings().shares().recordLockMillis());
    }

    /** How often a record is given out before it is given up. */
    int deliveryCountLimit() {
        return number(DELIVERY_COUNT_LIMIT, cluster.settings().shares().deliveryCountLimit());
    }

    /** How many records of a partition may be under way at once. */
    int maxRecordLocks() {
        return number(MAX_RECORD_LOCKS, cluster.settings().shares().maxRecordLocks());
    }

    /** Whether a member may ask for more time (KIP-1222). */
    boolean mayRenew() {
        return !own().getOrDefault(RENEW_ENABLE, "true").trim().equalsIgnoreCase("false");
    }

    boolean isCommittedOnly() {
        return own().getOrDefault(ISOLATION_LEVEL, READ_UNCOMMITTED).trim().equals(READ_COMMITTED);
    }

    /** Where a group begins with a partition that it has never read. */
    long initialOffset(PartitionLog log, long nowMillis) {
        String reset = own().getOrDefault(AUTO_OFFSET_RESET, LATEST).trim();
        if (reset.equals(EARLIEST)) {
            return log.startOffset();
        }
        if (reset.startsWith(BY_DURATION)) {
            long since = nowMillis - Duration.parse(reset.substring(BY_DURATION.length())).toMillis();
            return log.firstSince(since).map(PartitionLog.TimedOffset::offset).orElse(log.highWatermark());
        }
        return log.highWatermark();
    }

    private int number(String key, int usual) {
        String own = own().get(key);
        return own == null ? usual : Integer.parseInt(own.trim());
    }

    private Map<String, String> own() {
        return cluster.configs().ofGroup(groupId);
    }
}
