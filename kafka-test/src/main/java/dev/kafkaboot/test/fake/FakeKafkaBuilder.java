package dev.kafkaboot.test.fake;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Configures a {@link FakeKafka}. */
public final class FakeKafkaBuilder {

    private int brokers = 1;
    private String release = FakeSettings.DEFAULT.release();
    private long seed = FakeSettings.DEFAULT.seed();
    private int defaultPartitions = FakeSettings.DEFAULT.defaultPartitions();
    private int replicationFactor = FakeSettings.DEFAULT.replicationFactor();
    private int minInsyncReplicas = FakeSettings.DEFAULT.minInsyncReplicas();
    private boolean autoCreateTopics = FakeSettings.DEFAULT.autoCreateTopics();
    private long failoverMillis = FakeSettings.DEFAULT.failoverMillis();
    private long replicationMillis = FakeSettings.DEFAULT.replicationMillis();
    private long initialRebalanceDelayMillis = FakeSettings.DEFAULT.initialRebalanceDelayMillis();
    private boolean rackAwareReads = FakeSettings.DEFAULT.rackAwareReads();
    private GroupSettings groups = GroupSettings.DEFAULT;
    private ShareSettings shares = ShareSettings.DEFAULT;
    private TwoPhaseCommit twoPhaseCommit = FakeSettings.DEFAULT.twoPhaseCommit();
    private final Map<String, String> users = new LinkedHashMap<>();
    private boolean clientMetrics;
    private long startNanos;
    private Instant start = Instant.ofEpochSecond(1_767_225_600); // 2026-01-01T00:00:00Z; to parse that loads a hundred classes

    FakeKafkaBuilder() {}

    /** How many brokers there are at the start, with the ids 1 to n. One if it is not said. */
    public FakeKafkaBuilder brokers(int count) {
        brokers = count;
        return this;
    }

    /** The Kafka release whose API versions the brokers speak, such as {@code 2.8}; 4.3 if it is not said. */
    public FakeKafkaBuilder release(String kafkaRelease) {
        release = kafkaRelease;
        return this;
    }

    /** What ids are drawn from. */
    public FakeKafkaBuilder seed(long value) {
        seed = value;
        return this;
    }

    /** Partitions of a topic that is created without a number. */
    public FakeKafkaBuilder defaultPartitions(int count) {
        defaultPartitions = count;
        return this;
    }

    /** Replicas of a topic that is created without a number. */
    public FakeKafkaBuilder replicationFactor(int count) {
        replicationFactor = count;
        return this;
    }

    /** What {@code acks=all} demands where the topic does not say. */
    public FakeKafkaBuilder minInsyncReplicas(int count) {
        minInsyncReplicas = count;
        return this;
    }

    /** Whether asking for an unknown topic may create it. */
    public FakeKafkaBuilder autoCreateTopics(boolean allowed) {
        autoCreateTopics = allowed;
        return this;
    }

    /** How long the cluster takes to notice that a broker was killed. */
    public FakeKafkaBuilder failoverMillis(long millis) {
        failoverMillis = millis;
        return this;
    }

    /** How long followers take to have what the leader has; a leader that is killed loses what they did not have. None if it is not said. */
    public FakeKafkaBuilder replicationMillis(long millis) {
        replicationMillis = millis;
        return this;
    }

    /** How long an empty classic group waits for more members before its first rebalance. None if it is not said. */
    public FakeKafkaBuilder initialRebalanceDelay(Duration delay) {
        initialRebalanceDelayMillis = delay.toMillis();
        return this;
    }

    /** Whether a leader sends consumers to a replica in their own rack (KIP-392); not, if it is not said. */
    public FakeKafkaBuilder rackAwareReads(boolean on) {
        rackAwareReads = on;
        return this;
    }

    /** How long a broker that has become a coordinator reads the state before it answers. None if it is not said. */
    public FakeKafkaBuilder coordinatorLoad(Duration time) {
        groups = groups.withCoordinatorLoadMillis(time.toMillis());
        return this;
    }

    /** What session time-outs a classic group's members may ask for; six seconds to half an hour, if it is not said. */
    public FakeKafkaBuilder sessionTimeouts(Duration min, Duration max) {
        groups = groups.withSessionTimeoutBounds(Math.toIntExact(min.toMillis()), Math.toIntExact(max.toMillis()));
        return this;
    }

    /** How many members a group may have. */
    public FakeKafkaBuilder groupMaxSize(int members) {
        groups = groups.withMaxSize(members);
        return this;
    }

    /** When consumers of the newer group protocol (KIP-848) are to be heard, and when they are given up; 5 and 45 seconds, if it is not said. */
    public FakeKafkaBuilder consumerGroupTimes(Duration heartbeatInterval, Duration sessionTimeout) {
        groups = groups.withConsumerTimes(Math.toIntExact(sessionTimeout.toMillis()), Math.toIntExact(heartbeatInterval.toMillis()));
        return this;
    }

    /** Which ways between the two group protocols are open to a group that has members; both since 4.0, and none before, if it is not said. */
    public FakeKafkaBuilder groupMigration(GroupMigration ways) {
        groups = groups.withMigration(ways);
        return this;
    }

    /** When members of share groups (KIP-932) are to be heard, and when they are given up; 5 and 45 seconds, if it is not said. */
    public FakeKafkaBuilder shareGroupTimes(Duration heartbeatInterval, Duration sessionTimeout) {
        shares = shares.withTimes(Math.toIntExact(sessionTimeout.toMillis()), Math.toIntExact(heartbeatInterval.toMillis()));
        return this;
    }

    /**
     * How long it takes to write down that a share group reads a topic. Until then no member is given any of it, so that on a real cluster the first heartbeat of a new
     * group brings nothing. None if it is not said.
     */
    public FakeKafkaBuilder shareGroupInitialization(Duration time) {
        shares = shares.withInitializationMillis(time.toMillis());
        return this;
    }

    /** How long a member of a share group has for records that it was given, where the group does not say; 30 seconds, if it is not said. */
    public FakeKafkaBuilder shareRecordLock(Duration time) {
        shares = shares.withRecordLockMillis(Math.toIntExact(time.toMillis()));
        return this;
    }

    /** How many sessions of members of share groups a broker keeps; 2000, if it is not said. */
    public FakeKafkaBuilder maxShareSessions(int sessions) {
        shares = shares.withMaxSessions(sessions);
        return this;
    }

    /**
     * What the brokers make of transactions that somebody else decides on (KIP-939): they have not heard of it, if it is not said.
     *
     * @throws IllegalArgumentException at {@link #build}, if the release has not
     */
    public FakeKafkaBuilder twoPhaseCommit(TwoPhaseCommit what) {
        twoPhaseCommit = what;
        return this;
    }

    /** Adds a user; connections then have to authenticate, by any of the mechanisms that {@link FakeSasl} knows. Nobody has to, if it is not said. */
    public FakeKafkaBuilder user(String name, String password) {
        users.put(name, password);
        return this;
    }

    /** Lets brokers take the metrics of clients (KIP-714), as real ones do that have a plug-in for it; {@link FakeKafka#telemetry()} says which they want. */
    public FakeKafkaBuilder clientMetrics(boolean on) {
        clientMetrics = on;
        return this;
    }

    /** What time it is at the start: the driver's nanoseconds, and the time of day. */
    public FakeKafkaBuilder startAt(long nanos, Instant timeOfDay) {
        startNanos = nanos;
        start = timeOfDay;
        return this;
    }

    /** Makes the cluster. */
    public FakeKafka build() {
        if (twoPhaseCommit != TwoPhaseCommit.UNKNOWN && !TwoPhaseCommit.isKnown(release)) {
            throw new IllegalArgumentException("Kafka " + release + " has not heard of two-phase commits; 4.1 has");
        }
        FakeSettings settings = new FakeSettings(
                release, seed, defaultPartitions, replicationFactor, minInsyncReplicas, autoCreateTopics, failoverMillis, replicationMillis,
                initialRebalanceDelayMillis, rackAwareReads, groups, shares, twoPhaseCommit, clientMetrics);
        FakeKafka cluster = new FakeKafka(settings, new Timers(startNanos, start.toEpochMilli()), brokers);
        users.forEach(cluster.sasl()::user);
        return cluster;
    }
}
