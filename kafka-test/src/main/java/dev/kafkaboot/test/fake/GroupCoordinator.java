package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The groups of a cluster, and the offsets that they have committed. Which broker may answer for a group is up to {@link Coordinators}; the groups are here in
 * any case, as if in the log that each coordinator reads.
 */
final class GroupCoordinator implements Coordinated {

    /** How often what has grown old is looked for (offsets.retention.check.interval.ms). */
    private static final long CLEANUP_MILLIS = Duration.ofMinutes(10).toMillis();

    private final FakeKafka cluster;
    private final Answers answers = new Answers();
    private final TreeMap<String, Group> groups = new TreeMap<>();
    private final GroupOffsetsStore offsets;
    private final OffsetCommits commits;
    private final GroupMigrations migrations;
    private long nextCleanupMillis;

    GroupCoordinator(FakeKafka cluster) {
        this.cluster = cluster;
        this.offsets = new GroupOffsetsStore(cluster);
        this.commits = new OffsetCommits(cluster, this);
        this.migrations = new GroupMigrations(cluster, this);
        this.nextCleanupMillis = cluster.timers().nowMillis() + CLEANUP_MILLIS;
        cluster.coordinators().keep(CoordinatorType.GROUP, this);
    }

    /** Whether a broker may answer for a group. */
    ErrorCode check(String groupId, FakeBroker broker) {
        if (groupId.isEmpty()) {
            return ErrorCode.INVALID_GROUP_ID;
        }
        return checkAlsoUnnamed(groupId, broker);
    }

    /** The same, where a group without a name is one as well: offsets could once be committed to it. */
    ErrorCode checkAlsoUnnamed(String groupId, FakeBroker broker) {
        cleanUp();
        return cluster.coordinators().check(CoordinatorType.GROUP, groupId, broker);
    }

    /** Where answers wait until an event in a group is over. */
    Answers answers() {
        return answers;
    }

    GroupOffsetsStore offsets() {
        return offsets;
    }

    /** Whether offsets may be committed, in a transaction or not. */
    OffsetCommits commits() {
        return commits;
    }

    /** How groups with members go over from the one protocol to the other. */
    GroupMigrations migrations() {
        return migrations;
    }

    /** All groups, by id. */
    Collection<Group> all() {
        cleanUp();
        return List.copyOf(groups.values());
    }

    @Nullable Group find(String id) {
        return groups.get(id);
    }

    /** Makes an empty classic group, in the place of another, if there is one. */
    ClassicGroup createClassic(String id) {
        return take(new ClassicGroup(id, cluster, timers(id), answers));
    }

    /** Makes an empty consumer group, in the place of another, if there is one. */
    ConsumerGroup createConsumer(String id) {
        return take(new ConsumerGroup(id, cluster, timers(id)));
    }

    /** Makes an empty share group. */
    ShareGroup createShare(String id) {
        return take(new ShareGroup(id, cluster, timers(id)));
    }

    private <T extends Group> T take(T group) {
        Group old = groups.put(group.id(), group);
        if (old != null) {
            old.end();
        }
        return group;
    }

    /** Deletes a group with its offsets. */
    void delete(Group group) {
        groups.remove(group.id());
        offsets.forget(group.id());
        group.end();
    }

    /** Offsets of a deleted topic are deleted. */
    void topicDeleted(FakeTopic topic) {
        offsets.forgetTopic(topic.name());
        cluster.shareStates().forgetTopic(topic.id());
    }

    @Override
    public void unload(int partition) {
        answers.after(() -> in(partition).forEach(Group::unload));
    }

    @Override
    public void load(int partition) {
        answers.after(() -> in(partition).forEach(Group::load));
    }

    private List<Group> in(int partition) {
        return groups.values().stream()
                .filter(group -> cluster.coordinators().partitionOf(CoordinatorType.GROUP, group.id()).index() == partition)
                .toList();
    }

    private GroupTimers timers(String id) {
        return new GroupTimers(cluster.timers(), answers, () -> cluster.coordinators().isAwake(CoordinatorType.GROUP, id));
    }

    /**
     * Drops offsets that have grown old, and groups that have neither members nor offsets. It is done when somebody looks, which comes to the same as doing it on
     * time, without a timer that would keep an idle cluster busy.
     */
    private void cleanUp() {
        long now = cluster.timers().nowMillis();
        if (now < nextCleanupMillis) {
            return;
        }
        nextCleanupMillis = now - (now - nextCleanupMillis) % CLEANUP_MILLIS + CLEANUP_MILLIS;
        for (Group group : List.copyOf(groups.values())) {
            boolean bare = offsets.expire(group, now);
            if (bare && group.isEmpty() && !(group instanceof ShareGroup)) {
                delete(group);
            }
        }
    }
}
