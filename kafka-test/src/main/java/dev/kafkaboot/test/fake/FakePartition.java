package dev.kafkaboot.test.fake;

import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** A partition: who leads it, in which epoch, and what it holds. Led by {@link Topics}, which alone changes the leader. */
final class FakePartition {

    static final int NO_LEADER = -1;

    private final FakeTopic topic;
    private final int index;
    private final PartitionLog log;
    private final Replication replication;
    private List<Integer> replicas;
    private final NavigableSet<Integer> inSync = new TreeSet<>();
    private int leader = NO_LEADER;
    private int leaderEpoch = -1;

    FakePartition(FakeTopic topic, int index, List<Integer> replicas, FakeKafka cluster) {
        this.topic = topic;
        this.index = index;
        this.replicas = List.copyOf(replicas);
        this.replication = new Replication(cluster, this);
        this.log = new PartitionLog(new TopicSettings(topic, cluster.settings()), cluster.timers(), replication);
    }

    FakeTopic topic() {
        return topic;
    }

    int index() {
        return index;
    }

    PartitionLog log() {
        return log;
    }

    /** How what is appended gets to the followers. */
    Replication replication() {
        return replication;
    }

    /** The brokers that hold it, the preferred leader first. */
    List<Integer> replicas() {
        return replicas;
    }

    void replicas(List<Integer> brokers) {
        replicas = List.copyOf(brokers);
    }

    /** The brokers that have all of it; may be changed. */
    NavigableSet<Integer> inSync() {
        return inSync;
    }

    /** How many replicas must be in sync for acks=all; at most as many as there are. */
    int requiredInSync() {
        return Math.min(log.topic().minInsyncReplicas(), replicas.size());
    }

    /** The broker that leads it, or {@link #NO_LEADER}. */
    int leader() {
        return leader;
    }

    /** Counts the leaders it had; -1 before the first. */
    int leaderEpoch() {
        return leaderEpoch;
    }

    /** Begins a new epoch, under a leader or none. */
    void lead(int broker) {
        leader = broker;
        leaderEpoch++;
    }

    @Override
    public String toString() {
        return topic.name() + "-" + index;
    }
}
