package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition as a share group reads it, or why a broker cannot tell of it.
 *
 * @param error NONE, or what is in the way
 * @param partition the partition, if there is one
 * @param shared what the group reads, if the broker can tell
 */
record SharePartitionAccess(ErrorCode error, @Nullable FakePartition partition, @Nullable SharePartition shared) {

    static SharePartitionAccess of(FakeKafka cluster, FakeBroker broker, String groupId, GroupPartition key) {
        FakeTopic topic = cluster.topics().find(key.topicId());
        FakePartition partition = topic == null ? null : topic.partition(key.partition());
        if (partition == null) {
            return new SharePartitionAccess(topic == null ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, null, null);
        }
        if (partition.leader() != broker.id()) {
            return new SharePartitionAccess(ErrorCode.NOT_LEADER_OR_FOLLOWER, partition, null);
        }
        SharePartition shared = cluster.shareStates().find(groupId, key);
        // Nobody has joined the group who reads the topic, so that it is not written down where it begins: a real broker fails at that.
        return new SharePartitionAccess(shared == null ? ErrorCode.UNKNOWN_SERVER_ERROR : ErrorCode.NONE, partition, shared);
    }

    /** What members say of records of the partition, done or refused. */
    Problem acknowledge(String memberId, List<ShareVerdict> verdicts, boolean mayRenew) {
        if (!verdicts.stream().allMatch(verdict -> verdict.isValid(mayRenew))) {
            return Problem.of(ErrorCode.INVALID_REQUEST);
        }
        if (shared == null) {
            return error == ErrorCode.UNKNOWN_SERVER_ERROR
                    ? new Problem(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "The group does not read this partition")
                    : Problem.of(error);
        }
        return shared.acknowledge(memberId, verdicts);
    }
}
