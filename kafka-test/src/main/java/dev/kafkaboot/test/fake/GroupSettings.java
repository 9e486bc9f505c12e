package dev.kafkaboot.test.fake;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the coordinators of a cluster are configured with; the defaults are Apache's.
 *
 * @param coordinatorLoadMillis how long a broker that has become a coordinator reads before it answers
 * @param minSessionTimeoutMillis group.min.session.timeout.ms
 * @param maxSessionTimeoutMillis group.max.session.timeout.ms
 * @param maxSize group.max.size and group.consumer.max.size
 * @param offsetMetadataMaxSize offset.metadata.max.bytes
 * @param offsetRetentionMillis offsets.retention.minutes
 * @param consumerSessionTimeoutMillis group.consumer.session.timeout.ms
 * @param consumerHeartbeatIntervalMillis group.consumer.heartbeat.interval.ms
 * @param migration group.consumer.migration.policy, or null for what is usual in the release
 */
record GroupSettings(
        long coordinatorLoadMillis, int minSessionTimeoutMillis, int maxSessionTimeoutMillis, int maxSize, int offsetMetadataMaxSize,
        long offsetRetentionMillis, int consumerSessionTimeoutMillis, int consumerHeartbeatIntervalMillis, @Nullable GroupMigration migration) {

    static final GroupSettings DEFAULT =
            new GroupSettings(0, 6_000, 1_800_000, Integer.MAX_VALUE, 4096, Duration.ofDays(7).toMillis(), 45_000, 5_000, null);

    GroupSettings withCoordinatorLoadMillis(long millis) {
        return new GroupSettings(
                millis, minSessionTimeoutMillis, maxSessionTimeoutMillis, maxSize, offsetMetadataMaxSize, offsetRetentionMillis,
                consumerSessionTimeoutMillis, consumerHeartbeatIntervalMillis, migration);
    }

    GroupSettings withSessionTimeoutBounds(int minMillis, int maxMillis) {
        return new GroupSettings(
                coordinatorLoadMillis, minMillis, maxMillis, maxSize, offsetMetadataMaxSize, offsetRetentionMillis, consumerSessionTimeoutMillis,
                consumerHeartbeatIntervalMillis, migration);
    }

    GroupSettings withMaxSize(int members) {
        return new GroupSettings(
                coordinatorLoadMillis, minSessionTimeoutMillis, maxSessionTimeoutMillis, members, offsetMetadataMaxSize, offsetRetentionMillis,
                consumerSessionTimeoutMillis, consumerHeartbeatIntervalMillis, migration);
    }

    GroupSettings withConsumerTimes(int sessionTimeoutMillis, int heartbeatIntervalMillis) {
        return new GroupSettings(
                coordinatorLoadMillis, minSessionTimeoutMillis, maxSessionTimeoutMillis, maxSize, offsetMetadataMaxSize, offsetRetentionMillis,
                sessionTimeoutMillis, heartbeatIntervalMillis, migration);
    }

    GroupSettings withMigration(GroupMigration ways) {
        return new GroupSettings(
                coordinatorLoadMillis, minSessionTimeoutMillis, maxSessionTimeoutMillis, maxSize, offsetMetadataMaxSize, offsetRetentionMillis,
                consumerSessionTimeoutMillis, consumerHeartbeatIntervalMillis, ways);
    }
}
