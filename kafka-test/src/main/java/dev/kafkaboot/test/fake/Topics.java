package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Uuid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The topics of a cluster and who leads their partitions. */
final class Topics {

    private final FakeKafka cluster;
    private final TreeMap<String, FakeTopic> byName = new TreeMap<>();
    private final Map<Uuid, FakeTopic> byId = new HashMap<>(); // looked up, never iterated
    private int placed;

    Topics(FakeKafka cluster) {
        this.cluster = cluster;
    }

    /** All of them, by name. */
    Collection<FakeTopic> all() {
        return byName.values();
    }

    @Nullable FakeTopic find(String name) {
        return byName.get(name);
    }

    @Nullable FakeTopic find(Uuid id) {
        return byId.get(id);
    }

    @Nullable FakePartition find(String topic, int partition) {
        FakeTopic found = byName.get(topic);
        return found == null ? null : found.partition(partition);
    }

    /**
     * Creates a topic.
     *
     * @throws IllegalArgumentException if there is one of that name
     */
    FakeTopic create(String name, int partitions, int replicationFactor, Map<String, String> configs, boolean internal) {
        FakeTopic topic = create(name, configs, internal);
        grow(topic, partitions, replicationFactor);
        return topic;
    }

    /** Creates a topic, each of whose partitions is where it is said to be. */
    FakeTopic createAssigned(String name, List<List<Integer>> assignment, Map<String, String> configs) {
        FakeTopic topic = create(name, configs, /* internal= */ false);
        growAssigned(topic, assignment);
        return topic;
    }

    private FakeTopic create(String name, Map<String, String> configs, boolean internal) {
        if (byName.containsKey(name)) {
            throw new IllegalArgumentException("There is a topic " + name + " already");
        }
        FakeTopic topic = new FakeTopic(name, cluster.newUuid(), internal);
        topic.configs().putAll(configs);
        byName.put(name, topic);
        byId.put(topic.id(), topic);
        return topic;
    }

    /** Adds partitions until there are as many as asked for. */
    void grow(FakeTopic topic, int partitions, int replicationFactor) {
        while (topic.partitions().size() < partitions) {
            add(topic, place(replicationFactor));
        }
    }

    /** Adds partitions, each of which is where it is said to be. */
    void growAssigned(FakeTopic topic, List<List<Integer>> assignment) {
        assignment.forEach(replicas -> add(topic, replicas));
    }

    private void add(FakeTopic topic, List<Integer> replicas) {
        FakePartition partition = new FakePartition(topic, topic.partitions().size(), replicas, cluster);
        topic.partitions().add(partition);
        for (int id : replicas) {
            if (cluster.isRunning(id)) {
                partition.inSync().add(id);
            }
        }
        elect(partition);
    }

    /** Deletes a topic, with all that it holds. */
    void delete(FakeTopic topic) {
        byName.remove(topic.name());
        byId.remove(topic.id());
        topic.partitions().forEach(partition -> partition.log().wake());
        cluster.groupCoordinator().topicDeleted(topic);
    }

    /** Takes the brokers in turn, so that leaders are spread and the same calls give the same places. */
    private List<Integer> place(int replicationFactor) {
        List<Integer> ids = cluster.brokerIds();
        int count = Math.min(replicationFactor, ids.size());
        List<Integer> replicas = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replicas.add(ids.get((placed + i) % ids.size()));
        }
        placed++;
        return replicas;
    }

    /** Gives a partition the first of its replicas that runs and is in sync; none, if there is no such. */
    void elect(FakePartition partition) {
        elect(partition, /* lossy= */ false);
    }

    private void elect(FakePartition partition, boolean lossy) {
        lead(partition, nextLeader(partition), lossy);
    }

    private int nextLeader(FakePartition partition) {
        for (int id : partition.replicas()) {
            if (cluster.isRunning(id) && partition.inSync().contains(id)) {
                return id;
            }
        }
        return FakePartition.NO_LEADER;
    }

    /**
     * Gives a partition a leader and a new epoch.
     *
     * @param broker the leader, or {@link FakePartition#NO_LEADER}
     * @param lossy whether the new leader lacks what was not replicated, which is then lost
     */
    void lead(FakePartition partition, int broker, boolean lossy) {
        if (lossy && broker != FakePartition.NO_LEADER) {
            partition.log().truncateTo(partition.log().highWatermark());
        }
        // Before the followers are said to have everything: whoever waits for them at the old leader learns that it is none, not that they do.
        partition.lead(broker);
        if (broker != FakePartition.NO_LEADER) {
            partition.log().epochBegins(partition.leaderEpoch());
            partition.replication().finish();
        }
        partition.log().wake();
        cluster.coordinators().epochBegan(partition);
    }

    /** A broker was shut down: others lead what it led, where another is in sync, and have all that it had. */
    void brokerLeft(int id) {
        leave(id, /* lossy= */ false);
    }

    /** A broker died: others lead what it led, where another is in sync, without what was not replicated. */
    void brokerDied(int id) {
        leave(id, /* lossy= */ true);
    }

    private void leave(int id, boolean lossy) {
        forEachPartition(partition -> {
            if (partition.inSync().contains(id) && partition.inSync().size() > 1) {
                partition.inSync().remove(id); // the last one that is in sync stays so: no other has what it has
            }
            if (partition.leader() == id) {
                elect(partition, lossy);
            }
            partition.replication().proceed();
        });
    }

    /** A broker is back: it catches up, and leads what has no leader. */
    void brokerCame(int id) {
        forEachPartition(partition -> {
            if (!partition.replicas().contains(id)) {
                return;
            }
            boolean wasInSync = partition.inSync().contains(id);
            if (partition.leader() == FakePartition.NO_LEADER && wasInSync) {
                elect(partition);
            }
            if (partition.leader() != FakePartition.NO_LEADER) {
                partition.inSync().add(id);
            }
            partition.replication().proceed();
            partition.log().wake();
        });
    }

    private void forEachPartition(java.util.function.Consumer<FakePartition> action) {
        for (FakeTopic topic : byName.values()) {
            topic.partitions().forEach(action);
        }
    }
}
