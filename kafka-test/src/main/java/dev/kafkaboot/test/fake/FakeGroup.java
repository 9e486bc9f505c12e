package dev.kafkaboot.test.fake;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A group of a {@link FakeKafka}, classic, of the newer protocol or a share group, to be looked at and to be disturbed. It can be asked for whether there is such a group or not: one
 * that is not there has no members and no offsets.
 */
public final class FakeGroup {

    private final FakeKafka cluster;
    private final String id;

    FakeGroup(FakeKafka cluster, String id) {
        this.cluster = cluster;
        this.id = id;
    }

    // ---- looking

    /** The group's id. */
    public String id() {
        return id;
    }

    /** Whether the group is there: it has had a member or an offset, and was not deleted. */
    public boolean exists() {
        return find() != null;
    }

    /** {@code classic}, {@code consumer} or {@code share}; empty if the group is not there. */
    public String type() {
        Group group = find();
        return group == null ? "" : group.type();
    }

    /**
     * The state: {@code Empty}, {@code PreparingRebalance}, {@code CompletingRebalance} or {@code Stable} of a classic group; {@code Empty}, {@code Assigning},
     * {@code Reconciling} or {@code Stable} of a consumer group; {@code Empty} or {@code Stable} of a share group; {@code Dead} if the group is not there.
     */
    public String state() {
        Group group = find();
        return group == null ? ClassicState.DEAD.label() : group.stateName();
    }

    /** The generation of a classic group, the epoch of a consumer or share group; -1 if the group is not there. */
    public int generation() {
        Group group = find();
        if (group instanceof ClassicGroup classic) {
            return classic.generation();
        }
        if (group instanceof ShareGroup shares) {
            return shares.epoch();
        }
        return group instanceof ConsumerGroup consumers ? consumers.epoch() : -1;
    }

    /** The members, with the partitions that each has. Those of a classic group are known only if its members are consumers. */
    public List<FakeGroupMember> members() {
        return GroupMembers.of(cluster, find());
    }

    /** The offset that is committed for a partition, if there is one. */
    public OptionalLong committed(String topic, int partition) {
        CommittedOffset offset = coordinator().offsets().find(id, new OffsetKey(topic, partition));
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset.offset());
    }

    /** All offsets that are committed, by topic and partition. */
    public Map<String, Map<Integer, Long>> committed() {
        Map<String, Map<Integer, Long>> byTopic = new TreeMap<>();
        coordinator()
                .offsets()
                .all(id)
                .forEach((key, offset) -> byTopic.computeIfAbsent(key.topic(), topic -> new TreeMap<>()).put(key.partition(), offset.offset()));
        return byTopic;
    }

    /** How far a share group is with a partition; empty if it has no member that reads it, and had none. */
    public Optional<FakeSharePartition> shared(String topic, int partition) {
        FakePartition found = cluster.topics().find(topic, partition);
        SharePartition shared = found == null ? null : cluster.shareStates().find(id, ShareStates.keyOf(found));
        if (shared == null) {
            return Optional.empty();
        }
        SortedMap<Long, FakeSharePartition.UnderWay> underWay = new TreeMap<>();
        shared.records().forEach((offset, record) ->
                underWay.put(offset, new FakeSharePartition.UnderWay(record.deliveryCount(), record.owner(), record.isOver())));
        return Optional.of(new FakeSharePartition(shared.startOffset(), underWay));
    }

    /** The ids of those who have a share session of the group with some broker (KIP-932), members or not. */
    public Set<String> shareSessions() {
        Set<String> memberIds = new TreeSet<>();
        cluster.brokers().forEach(broker -> memberIds.addAll(broker.shareSessions().membersOf(id)));
        return memberIds;
    }

    /** The broker that coordinates the group, or -1 while none does. */
    public int coordinatorId() {
        FakeBroker broker = cluster.coordinators().find(CoordinatorType.GROUP, id);
        return broker == null ? -1 : broker.id();
    }

    // ---- disturbing

    /** Commits an offset, whatever the group's members think of it. A group that is not there is made. */
    public void commit(String topic, int partition, long offset) {
        if (find() == null) {
            coordinator().createClassic(id);
        }
        coordinator()
                .offsets()
                .commit(
                        id, new OffsetKey(topic, partition),
                        new CommittedOffset(offset, CommittedOffset.NONE, "", cluster.timers().nowMillis(), CommittedOffset.NONE));
    }

    /**
     * Begins a rebalance: members of a classic group are told to join again; in another group everybody's share is computed again with the next heartbeat. Does
     * nothing if there are no members.
     */
    public void rebalance() {
        Group group = find();
        if (group instanceof ClassicGroup classic && !classic.members().isEmpty()) {
            coordinator().answers().after(classic::rebalanceOrGoOn);
        } else if (group instanceof ConsumerGroup consumers && !consumers.isEmpty()) {
            consumers.rebalance();
        } else if (group instanceof ShareGroup shares && !shares.isEmpty()) {
            shares.rebalance();
        }
    }

    /**
     * Takes a member out, as if it had not been heard of for too long.
     *
     * @throws IllegalArgumentException if there is no such member
     */
    public void expire(String memberId) {
        Group group = find();
        if (group instanceof ClassicGroup classic && classic.members().find(memberId) != null) {
            coordinator().answers().after(() -> classic.expel(memberId));
            return;
        }
        ConsumerMember member = group instanceof ConsumerGroup consumers ? consumers.find(memberId) : null;
        if (member != null && group instanceof ConsumerGroup consumers) {
            consumers.remove(member);
            return;
        }
        ShareGroupMember reader = group instanceof ShareGroup shares ? shares.find(memberId) : null;
        if (reader != null && group instanceof ShareGroup shares) {
            shares.remove(reader);
            return;
        }
        throw new IllegalArgumentException("Group " + id + " has no member " + memberId + ", only " + members());
    }

    /**
     * Makes another broker the group's coordinator: the next that holds its state.
     *
     * @return that broker's id
     * @throws IllegalStateException if no other broker that runs holds it
     */
    public int moveCoordinator() {
        FakePartition partition = cluster.coordinators().partitionOf(CoordinatorType.GROUP, id);
        int next = partition.replicas().stream()
                .filter(broker -> broker != partition.leader() && cluster.isRunning(broker))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No other broker of " + partition.replicas() + " can coordinate group " + id));
        moveCoordinator(next);
        return next;
    }

    /**
     * Makes a broker the group's coordinator.
     *
     * @throws IllegalArgumentException if the broker does not hold the group's state
     */
    public void moveCoordinator(int brokerId) {
        FakePartition partition = cluster.coordinators().partitionOf(CoordinatorType.GROUP, id);
        cluster.moveLeader(partition.topic().name(), partition.index(), brokerId);
    }

    private @Nullable Group find() {
        coordinator().all(); // what has grown old goes first
        return coordinator().find(id);
    }

    private GroupCoordinator coordinator() {
        return cluster.groupCoordinator();
    }

    @Override
    public String toString() {
        return "group " + id + " (" + state() + ", generation " + generation() + ")";
    }
}
