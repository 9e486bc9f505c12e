package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who coordinates what: the leader of the partition that a key falls into, of the internal topic of its kind. The topic is created when it is first needed.
 *
 * <p>When such a partition gets a leader, that one reads the partition before it answers; until then it says {@code COORDINATOR_LOAD_IN_PROGRESS}.
 */
final class Coordinators {

    /** offsets.topic.num.partitions and transaction.state.log.num.partitions of a broker that is not configured. */
    private static final int PARTITIONS = 50;

    private final FakeKafka cluster;
    private final Map<CoordinatorType, Coordinated> states = new EnumMap<>(CoordinatorType.class);
    private final Set<FakePartition> loading = new HashSet<>(); // looked up, never iterated

    Coordinators(FakeKafka cluster) {
        this.cluster = cluster;
    }

    /** Says whose state follows the leaders of a kind's topic. */
    void keep(CoordinatorType type, Coordinated state) {
        states.put(type, state);
    }

    /** The partition whose leader coordinates; its topic is created if there is none. */
    FakePartition partitionOf(CoordinatorType type, String key) {
        FakeTopic topic = cluster.topics().find(type.topic());
        if (topic == null) {
            topic = cluster.topics()
                    .create(type.topic(), PARTITIONS, cluster.settings().replicationFactor(), Map.of("cleanup.policy", "compact"), /* internal= */ true);
        }
        int hash = key.hashCode();
        return topic.partitions().get((hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % topic.partitions().size());
    }

    /** The broker that coordinates, or null while none does. */
    @Nullable FakeBroker find(CoordinatorType type, String key) {
        int leader = partitionOf(type, key).leader();
        return cluster.isKnown(leader) ? cluster.broker(leader) : null;
    }

    /** Whether a broker may answer for a key: {@code NONE}, {@code NOT_COORDINATOR} or {@code COORDINATOR_LOAD_IN_PROGRESS}. */
    ErrorCode check(CoordinatorType type, String key, FakeBroker broker) {
        FakePartition partition = partitionOf(type, key);
        if (partition.leader() != broker.id()) {
            return ErrorCode.NOT_COORDINATOR;
        }
        return loading.contains(partition) ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS : ErrorCode.NONE;
    }

    /** Whether the coordinator of a key runs and has read what there is. */
    boolean isAwake(CoordinatorType type, String key) {
        FakePartition partition = partitionOf(type, key);
        return cluster.isRunning(partition.leader()) && !loading.contains(partition);
    }

    /** Called for each new epoch of any partition. */
    void epochBegan(FakePartition partition) {
        CoordinatorType type = CoordinatorType.keptIn(partition.topic().name());
        Coordinated state = type == null ? null : states.get(type);
        if (partition.leaderEpoch() == 0) {
            return; // new, and with nothing in it to be read
        }
        if (state != null) {
            state.unload(partition.index());
        }
        if (type == null || partition.leader() == FakePartition.NO_LEADER) {
            loading.remove(partition);
            return;
        }
        load(partition, state);
    }

    private void load(FakePartition partition, @Nullable Coordinated state) {
        long millis = cluster.settings().groups().coordinatorLoadMillis();
        if (millis == 0) {
            loaded(partition, state);
            return;
        }
        loading.add(partition);
        int epoch = partition.leaderEpoch();
        cluster.timers().afterMillis(millis, () -> {
            if (partition.leaderEpoch() == epoch) {
                loaded(partition, state);
            }
        });
    }

    private void loaded(FakePartition partition, @Nullable Coordinated state) {
        loading.remove(partition);
        if (state != null) {
            state.load(partition.index());
        }
    }
}
