package dev.kafkaboot.test.fake;

/**
 * What brokers are configured with for share groups (KIP-932); the defaults are Apache's, but for the first.
 *
 * @param initializationMillis how long it takes to write down where a group begins to read a topic; until then no member is given any of it. None here, about a
 *     heartbeat on a real cluster
 * @param maxSize group.share.max.size
 * @param sessionTimeoutMillis group.share.session.timeout.ms
 * @param heartbeatIntervalMillis group.share.heartbeat.interval.ms
 * @param recordLockMillis group.share.record.lock.duration.ms
 * @param deliveryCountLimit group.share.delivery.count.limit
 * @param maxRecordLocks group.share.partition.max.record.locks
 * @param maxSessions group.share.max.share.sessions
 */
record ShareSettings(
        long initializationMillis, int maxSize, int sessionTimeoutMillis, int heartbeatIntervalMillis, int recordLockMillis, int deliveryCountLimit,
        int maxRecordLocks, int maxSessions) {

    static final ShareSettings DEFAULT = new ShareSettings(0, 200, 45_000, 5_000, 30_000, 5, 2_000, 2_000);

    ShareSettings withInitializationMillis(long millis) {
        return new ShareSettings(
                millis, maxSize, sessionTimeoutMillis, heartbeatIntervalMillis, recordLockMillis, deliveryCountLimit, maxRecordLocks, maxSessions);
    }

    ShareSettings withTimes(int sessionMillis, int heartbeatMillis) {
        return new ShareSettings(
                initializationMillis, maxSize, sessionMillis, heartbeatMillis, recordLockMillis, deliveryCountLimit, maxRecordLocks, maxSessions);
    }

    ShareSettings withRecordLockMillis(int millis) {
        return new ShareSettings(
                initializationMillis, maxSize, sessionTimeoutMillis, heartbeatIntervalMillis, millis, deliveryCountLimit, maxRecordLocks, maxSessions);
    }

    ShareSettings withMaxSessions(int sessions) {
        return new ShareSettings(
                initializationMillis, maxSize, sessionTimeoutMillis, heartbeatIntervalMillis, recordLockMillis, deliveryCountLimit, maxRecordLocks, sessions);
    }
}
