package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;

/** Whether a broker may answer for a partition, to somebody who believes in a certain epoch of its leader (KIP-320). */
final class ReplicaAccess {

    private static final int NO_EPOCH = -1;

    private ReplicaAccess() {}

    /**
     * Finds what is in the way.
     *
     * @param leaderEpoch the epoch that the asker believes in, or -1
     * @param onlyLeader whether a follower may not answer
     * @return NONE if nothing is
     */
    static ErrorCode obstacle(FakePartition partition, FakeBroker broker, int leaderEpoch, boolean onlyLeader) {
        if (!partition.replicas().contains(broker.id())) {
            return ErrorCode.NOT_LEADER_OR_FOLLOWER;
        }
        if (leaderEpoch != NO_EPOCH && leaderEpoch < partition.leaderEpoch()) {
            return ErrorCode.FENCED_LEADER_EPOCH;
        }
        if (leaderEpoch != NO_EPOCH && leaderEpoch > partition.leaderEpoch()) {
            return ErrorCode.UNKNOWN_LEADER_EPOCH;
        }
        if (onlyLeader && partition.leader() != broker.id()) {
            return ErrorCode.NOT_LEADER_OR_FOLLOWER;
        }
        return ErrorCode.NONE;
    }
}
