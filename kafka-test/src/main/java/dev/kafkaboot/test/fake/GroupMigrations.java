package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ConsumerProtocol;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.ProtocolException;
import dev.kafkaboot.protocol.message.ConsumerProtocolAssignment;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The way of a group with members from the one protocol to the other (KIP-848).
 *
 * <p>A classic group of consumers becomes a consumer group when a member joins that speaks the newer protocol. The members that it has go on by the classic
 * protocol, with what they were assigned last; that somebody joined makes them join again. When the last member is gone that speaks the newer protocol, the others
 * are a classic group again, whose next rebalance begins at once.
 */
final class GroupMigrations {

    private final FakeKafka cluster;
    private final GroupCoordinator coordinator;

    GroupMigrations(FakeKafka cluster, GroupCoordinator coordinator) {
        this.cluster = cluster;
        this.coordinator = coordinator;
    }

    private GroupMigration policy() {
        return cluster.settings().migration();
    }

    /** Whether groups may have members of both protocols at all. */
    boolean areAllowed() {
        return policy() != GroupMigration.DISABLED;
    }

    // ---- to the newer protocol
    /** What speaks against a classic group with members becoming a consumer group, or null. */
    @Nullable Problem checkUpgrade(ClassicGroup group) {
        if (!policy().allowsUpgrade()) {
            return refused(group, "the upgrade of groups that have members is disabled");
        }
        if (!group.protocolType().equals(ClassicGroup.CONSUMER_PROTOCOL)) {
            return refused(group, "its members are no consumers");
        }
        int size = group.members().size();
        int maxSize = cluster.settings().groups().maxSize();
        if (size >= maxSize) {
            return size > maxSize ? refused(group, "it has too many members") : Problem.of(ErrorCode.GROUP_MAX_SIZE_REACHED);
        }
        if (group.protocolName() == null) {
            return Problem.of(ErrorCode.UNKNOWN_SERVER_ERROR); // not thought of: before the first generation there is no protocol (4.3, 4.4)
        }
        try {
            boolean own = group.members().all().stream().anyMatch(member -> hasUserData(member.assignment()));
            group.members().all().forEach(member -> ConsumerProtocol.readSubscription(member.metadata(group.protocolName())));
            return own ? refused(group, "its assignor tells members more than their partitions, which would be lost") : null;
        } catch (ProtocolException unreadable) {
            return refused(group, "what its members tell each other cannot be read");
        }
    }

    private static Problem refused(ClassicGroup group, String reason) {
        return new Problem(ErrorCode.GROUP_ID_NOT_FOUND, "Classic group " + group.id() + " cannot become a consumer group: " + reason);
    }

    private static boolean hasUserData(byte[] assignment) {
        var data = assignment.length == 0 ? null : ConsumerProtocol.readAssignment(assignment).userData();
        return data != null && data.size() > 0;
    }

    /** Makes a classic group, against which nothing speaks, a consumer group. */
    ConsumerGroup upgrade(ClassicGroup group) {
        coordinator.answers().after(group::giveUpRebalance);
        List<ConsumerMember> members = group.members().all().stream().map(member -> upgraded(group, member)).toList();
        ConsumerGroup upgraded = coordinator.createConsumer(group.id());
        upgraded.begin(group.generation(), members);
        return upgraded;
    }

    private ConsumerMember upgraded(ClassicGroup group, ClassicMember member) {
        ConsumerMember upgraded = new ConsumerMember(member.id(), member.instanceId());
        upgraded.update(new ClassicPart(member.sessionTimeoutMillis(), member.protocols()), member.rebalanceTimeoutMillis(), member.clientId());
        upgraded.settle(group.generation(), partitions(member.assignment()));
        return upgraded;
    }

    private NavigableSet<GroupPartition> partitions(byte[] assignment) {
        NavigableSet<GroupPartition> partitions = new TreeSet<>();
        if (assignment.length > 0) {
            ConsumerProtocol.readAssignment(assignment).assignedPartitions().forEach(topic -> {
                FakeTopic found = cluster.topics().find(topic.topic());
                if (found != null) {
                    topic.partitions().forEach(index -> partitions.add(new GroupPartition(found.id(), index)));
                }
            });
        }
        return partitions;
    }

    // ---- back to the classic protocol
    /** Whether a consumer group becomes a classic one when members leave: not if nobody is left. */
    boolean isDowngradeDue(ConsumerGroup group, Collection<ConsumerMember> leaving) {
        return leaving.size() < group.size() && areLastOfNewer(group, leaving);
    }

    /** Whether a consumer group becomes a classic one when a static member is replaced by one that speaks the classic protocol. */
    boolean isDowngradeDue(ConsumerGroup group, ConsumerMember replaced) {
        return areLastOfNewer(group, List.of(replaced));
    }

    private boolean areLastOfNewer(ConsumerGroup group, Collection<ConsumerMember> gone) {
        boolean some = gone.stream().anyMatch(member -> member.classic() == null);
        boolean all = group.members().stream().allMatch(member -> member.classic() != null || gone.contains(member));
        return some && all && policy().allowsDowngrade();
    }

    /** Makes a consumer group a classic one, without the members that leave. */
    void downgrade(ConsumerGroup group, Collection<ConsumerMember> leaving, boolean rebalance) {
        List<ClassicMember> members = group.members().stream()
                .filter(member -> !leaving.contains(member))
                .map(member -> downgraded(group, member))
                .toList();
        ClassicGroup downgraded = coordinator.createClassic(group.id());
        downgraded.begin(group.epoch(), members);
        if (rebalance) {
            coordinator.answers().after(downgraded::prepareRebalance);
        }
    }

    private ClassicMember downgraded(ConsumerGroup group, ConsumerMember member) {
        ClassicPart classic = member.classic();
        if (classic == null) {
            throw new IllegalStateException("Member " + member.id() + " of " + group + " does not speak the classic protocol");
        }
        ClassicMember downgraded = new ClassicMember(
                member.id(), member.instanceId(), member.clientId(), classic.protocols(), member.rebalanceTimeoutMillis(), classic.sessionTimeoutMillis());
        downgraded.assign(assignment(group.target(member.id()), classic.version()));
        return downgraded;
    }

    /** Partitions as members tell each other, in a version that a member can read. */
    byte[] assignment(NavigableSet<GroupPartition> partitions, short version) {
        ConsumerProtocolAssignment assignment = new ConsumerProtocolAssignment();
        ConsumerGroupApis.byTopic(partitions).forEach((id, indexes) -> {
            FakeTopic topic = cluster.topics().find(id);
            if (topic != null) {
                assignment.assignedPartitions().add(new ConsumerProtocolAssignment.TopicPartition().topic(topic.name()).partitions(indexes));
            }
        });
        return ConsumerProtocol.encode(assignment, version);
    }
}
