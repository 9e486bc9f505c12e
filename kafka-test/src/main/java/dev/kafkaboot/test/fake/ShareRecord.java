package dev.kafkaboot.test.fake;

import org.jspecify.annotations.Nullable;

/** One offset of a partition that a share group has under way: whose it is, and how often it was given out (KIP-932). */
final class ShareRecord {

    /** What becomes of a record in a group. */
    enum State {
        /** It may be given out. */
        AVAILABLE,
        /** A member has it, until its lock is over. */
        ACQUIRED,
        /** It was done. */
        ACKNOWLEDGED,
        /** It is given up. */
        ARCHIVED
    }

    private State state = State.AVAILABLE;
    private int deliveryCount;
    private @Nullable String owner;
    private @Nullable ShareLock lock;

    State state() {
        return state;
    }

    int deliveryCount() {
        return deliveryCount;
    }

    boolean isAvailable() {
        return state == State.AVAILABLE;
    }

    /** Whether it will never be given out again. */
    boolean isOver() {
        return state == State.ACKNOWLEDGED || state == State.ARCHIVED;
    }

    /** Who has it, or null. */
    @Nullable String owner() {
        return owner;
    }

    boolean isAcquiredBy(String memberId) {
        return state == State.ACQUIRED && memberId.equals(owner);
    }

    boolean isUnder(ShareLock some) {
        return state == State.ACQUIRED && lock == some;
    }

    /** Gives it to a member. */
    void acquire(String memberId, ShareLock under) {
        state = State.ACQUIRED;
        deliveryCount++;
        owner = memberId;
        lock = under;
    }

    /** Gives the member that has it more time (KIP-1222). */
    void renew(ShareLock under) {
        lock = under;
    }

    /** The member gives it back: others may have it, unless that was the last time. */
    void release(int deliveryCountLimit) {
        leaveAs(deliveryCount >= deliveryCountLimit ? State.ARCHIVED : State.AVAILABLE);
    }

    void acknowledge() {
        leaveAs(State.ACKNOWLEDGED);
    }

    void archive() {
        leaveAs(State.ARCHIVED);
    }

    /** Nobody knows any more that it was given out: that is written down only with what became of it. */
    void forgetDelivery() {
        deliveryCount--;
        leaveAs(State.AVAILABLE);
    }

    private void leaveAs(State next) {
        state = next;
        owner = null;
        lock = null;
    }
}
