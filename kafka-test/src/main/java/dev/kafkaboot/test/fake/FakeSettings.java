package dev.kafkaboot.test.fake;

import java.time.Duration;

/**
 * What a cluster is made with.
 *
 * @param release the Kafka release whose API versions it speaks, such as {@code 4.3}
 * @param seed what ids are drawn from
 * @param defaultPartitions partitions of a topic that is created without a number
 * @param replicationFactor replicas of a topic that is created without a number, at most one a broker
 * @param minInsyncReplicas what {@code acks=all} demands where the topic does not say
 * @param autoCreateTopics whether a request for an unknown topic may create it
 * @param failoverMillis how long the cluster takes to notice that a broker was killed
 * @param replicationMillis how long followers take to have what the leader has; until then a record is neither visible nor acknowledged to {@code acks=all},
 *     and is lost if the leader is killed
 * @param initialRebalanceDelayMillis how long an empty classic group waits for more members before its first rebalance
 * @param rackAwareReads whether a leader sends consumers to a replica in their own rack
 * @param groups what the coordinators are configured with
 * @param shares what brokers are configured with for share groups
 * @param twoPhaseCommit what becomes of transactions that somebody else decides on
 * @param clientMetrics whether brokers take the metrics of clients
 */
record FakeSettings(
        String release, long seed, int defaultPartitions, int replicationFactor, int minInsyncReplicas, boolean autoCreateTopics, long failoverMillis,
        long replicationMillis, long initialRebalanceDelayMillis, boolean rackAwareReads, GroupSettings groups,
        ShareSettings shares, TwoPhaseCommit twoPhaseCommit, boolean clientMetrics) {

    static final FakeSettings DEFAULT =
            new FakeSettings("4.3", 0, 1, 3, 1, true, Duration.ofSeconds(2).toMillis(), 0, 0, false, GroupSettings.DEFAULT,
                    ShareSettings.DEFAULT, TwoPhaseCommit.UNKNOWN, false);

    /** Which ways between the two group protocols are open. */
    GroupMigration migration() {
        GroupMigration set = groups.migration();
        return set == null ? GroupMigration.usualOf(release) : set;
    }
}
