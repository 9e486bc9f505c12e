package dev.kafkaboot.test.fake;

import dev.kafkaboot.test.fake.ConsumerMember.State;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One step of a member of a consumer group towards what it is to have (KIP-848). It lets go first, in its present epoch; only when it has said so does it get to the
 * group's epoch; and it takes a partition only when nobody else has it.
 */
final class Reconciliation {

    private final ConsumerMember member;
    private final int targetEpoch;
    private final NavigableSet<GroupPartition> target;
    private final @Nullable NavigableSet<GroupPartition> owned;
    private final Predicate<GroupPartition> isHeldByOthers;

    /**
     * Prepares a step.
     *
     * @param member who makes it
     * @param targetEpoch the epoch of what it is to have
     * @param target what it is to have
     * @param owned what it says that it has, or null if it does not say
     * @param isHeldByOthers whether another member has a partition, or may have it
     */
    Reconciliation(
            ConsumerMember member, int targetEpoch, NavigableSet<GroupPartition> target, @Nullable NavigableSet<GroupPartition> owned,
            Predicate<GroupPartition> isHeldByOthers) {
        this.member = member;
        this.targetEpoch = targetEpoch;
        this.target = target;
        this.owned = owned;
        this.isHeldByOthers = isHeldByOthers;
    }

    /** Makes the step, if there is one to be made. */
    void step() {
        switch (member.state()) {
            case STABLE -> {
                if (member.epoch() != targetEpoch) {
                    advanceFrom(member.epoch());
                }
            }
            case UNREVOKED -> {
                if (!mayHaveAnyOf(member.revoked())) {
                    advanceFrom(member.epoch() + 1);
                }
            }
            case UNRELEASED -> advanceFrom(member.epoch());
        }
    }

    private void advanceFrom(int epoch) {
        NavigableSet<GroupPartition> kept = member.assigned();
        kept.retainAll(target);
        NavigableSet<GroupPartition> toRevoke = member.assigned();
        toRevoke.removeAll(target);
        if (!toRevoke.isEmpty() && mayHaveAnyOf(toRevoke)) {
            member.advance(State.UNREVOKED, epoch, kept, toRevoke);
            return;
        }
        boolean waits = false;
        for (GroupPartition partition : target) {
            if (isHeldByOthers.test(partition)) {
                waits = true;
            } else {
                kept.add(partition);
            }
        }
        member.advance(waits ? State.UNRELEASED : State.STABLE, targetEpoch, kept, new TreeSet<>());
    }

    private boolean mayHaveAnyOf(NavigableSet<GroupPartition> partitions) {
        return owned == null || partitions.stream().anyMatch(owned::contains);
    }
}
