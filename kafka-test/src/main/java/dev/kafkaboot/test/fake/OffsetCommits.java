package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;

/** Whether offsets may be committed: what OffsetCommit and TxnOffsetCommit have in common. */
final class OffsetCommits {

    /** From this version on OffsetCommit says that there is no such group, whatever its protocol (KIP-848). */
    private static final short FIRST_WITH_GROUP_NOT_FOUND = 9;

    private final FakeKafka cluster;
    private final GroupCoordinator coordinator;

    OffsetCommits(FakeKafka cluster, GroupCoordinator coordinator) {
        this.cluster = cluster;
        this.coordinator = coordinator;
    }

    /**
     * Whether somebody may commit offsets of a group, as part of a transaction or not (KIP-447). A group that is not there is made, if nobody claims to be a member
     * of it. Whether the broker coordinates the group has been seen to.
     */
    ErrorCode check(String groupId, Committer committer) {
        Group group = coordinator.find(groupId);
        if (group == null && committer.generation() >= 0) {
            boolean tells = !committer.transactional() && committer.version() >= FIRST_WITH_GROUP_NOT_FOUND;
            return tells ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.ILLEGAL_GENERATION;
        }
        if (group == null) {
            group = coordinator.createClassic(groupId);
        }
        ErrorCode error = group.checkCommit(committer);
        if (committer.transactional() && error == ErrorCode.STALE_MEMBER_EPOCH) {
            return ErrorCode.ILLEGAL_GENERATION; // the only one of the two that producers know
        }
        if (!committer.transactional() && error == ErrorCode.NONE) {
            group.committed(committer);
        }
        return error;
    }

    /** Whether a partition's offset can be kept: the partition is there, and the text beside it is not too long. */
    ErrorCode checkPartition(OffsetKey key, String metadata) {
        if (cluster.topics().find(key.topic(), key.partition()) == null) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        boolean tooLarge = metadata.length() > cluster.settings().groups().offsetMetadataMaxSize();
        return tooLarge ? ErrorCode.OFFSET_METADATA_TOO_LARGE : ErrorCode.NONE;
    }
}
