package dev.kafkaboot.test.fake;

/**
 * An offset that was committed.
 *
 * @param offset the offset of the next record to be read
 * @param leaderEpoch the epoch of the last record that was read, or -1
 * @param metadata what the committer wrote beside it
 * @param committedMillis when it was committed
 * @param expiresMillis when it is to be forgotten, or -1 if the cluster decides; could be asked for up to version 4 of OffsetCommit
 */
record CommittedOffset(long offset, int leaderEpoch, String metadata, long committedMillis, long expiresMillis) {

    /** The leader epoch of a commit that names none, and the time of one that does not expire by itself. */
    static final int NONE = -1;
}
