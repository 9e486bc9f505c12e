package dev.kafkaboot.test.fake;

import java.util.List;
import java.util.TreeSet;

/** A partition: who leads it, in which epoch, and what it holds. Led by {@link Topics}, which alone changes the leader. */
final class FakePartition {

    static final int NO_LEADER = -1;

    private final FakeTopic topic;
    private final int index;
    private final PartitionLog log;
    private List<Integer> replicas;
    private final TreeSet<Integer> inSync = new TreeSet<>();
    private int leader = NO_LEADER;
    private int leaderEpoch = -1;

    FakePartition(FakeTopic topic, int index, List<Integer> replicas, PartitionLog log) {
        this.topic = topic;
        this.index = index;
        this.replicas = List.copyOf(replicas);
        this.log = log;
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

    /** The brokers that hold it, the preferred leader first. */
    List<Integer> replicas() {
        return replicas;
    }

    void replicas(List<Integer> brokers) {
        replicas = List.copyOf(brokers);
    }

    /** The brokers that have all of it; may be changed. */
    TreeSet<Integer> inSync() {
        return inSync;
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
