package dev.kafkaboot.test.history;

/** What must not happen, unless a configuration allows it. */
public enum AnomalyType {
    /** An acknowledged value was never read, although some reader went from before it to behind it, or the final reads did. */
    LOST_WRITE("lost write"),
    /** An acknowledged value was never read by the end of the final reads: it is lost or late. */
    UNSEEN("unseen write"),
    /** One value is at two offsets, although values are sent once. */
    DUPLICATE("duplicate"),
    /** A value was found in a topic or partition that it was not sent to. */
    MISROUTED("wrong topic or partition"),
    /** What was read is not what anybody sent. */
    CORRUPT_VALUE("corrupt value"),
    /** One offset shows two values. */
    INCONSISTENT_OFFSETS("inconsistent offsets"),
    /** A value was read whose send failed, or whose transaction was not committed. */
    ABORTED_READ("aborted read"),
    /** A transaction's value was read before the transaction was asked to commit. */
    PRECOMMITTED_READ("precommitted read"),
    /** One poll goes back. */
    INTERNAL_NON_MONOTONIC_POLL("non-monotonic poll, inside"),
    /** One poll leaves out a value that others have read. */
    INTERNAL_SKIPPED_POLL("skipped poll, inside"),
    /** A consumer goes back from one poll to the next, without a rebalance, a seek or a new assignment. */
    NON_MONOTONIC_POLL("non-monotonic poll"),
    /** A consumer leaves out a value that others have read from one poll to the next, without a rebalance, a seek or a new assignment. */
    SKIPPED_POLL("skipped poll"),
    /** A producer's later send has the lower offset. */
    NON_MONOTONIC_SEND("non-monotonic send"),
    /** An offset was committed beyond records that had not been handed out yet, or were not finished. */
    COMMIT_PAST_PROCESSED("commit past what was processed"),
    /** A group was told a committed offset that it cannot have: never committed, or replaced since. */
    WRONG_COMMITTED_OFFSET("wrong committed offset"),
    /** After a rebalance a consumer began elsewhere than where its group had committed. */
    WRONG_START("wrong start after a rebalance"),
    /** Two members of a group read one record, and no rebalance, seek or crash lies between. */
    CONSUMED_TWICE("consumed twice without a rebalance"),
    /** An operation did not end, or a consumer did not get on. */
    STUCK_CLIENT("stuck client"),
    /** Transactions read one another's writes in a circle (Adya's G1c). */
    WRITE_READ_CYCLE("write-read cycle");

    private final String title;

    AnomalyType(String title) {
        this.title = title;
    }

    /** The name for people. */
    public String title() {
        return title;
    }
}
