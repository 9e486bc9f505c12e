package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import dev.kafkaboot.protocol.message.TxnOffsetCommitResponse;
import dev.kafkaboot.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition;
import dev.kafkaboot.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic;
import java.util.ArrayList;
import java.util.List;

/** Keeps the offsets of transactions with those that groups commit themselves, after the same checks of the member that is spoken for (KIP-447). */
final class GroupTransactionalOffsets implements TransactionalOffsets {

    private final FakeKafka cluster;
    private final GroupCoordinator coordinator;

    GroupTransactionalOffsets(FakeKafka cluster) {
        this.cluster = cluster;
        this.coordinator = cluster.groupCoordinator();
    }

    @Override
    public TxnOffsetCommitResponse stage(TxnOffsetCommitRequest request, int version) {
        ErrorCode error = coordinator.commits().check(request.groupId(), committer(request, version));
        List<TxnOffsetCommitResponseTopic> topics = new ArrayList<>();
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            List<TxnOffsetCommitResponsePartition> partitions = new ArrayList<>();
            for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
                ErrorCode outcome = error == ErrorCode.NONE ? stage(request, topic.name(), partition) : error;
                partitions.add(new TxnOffsetCommitResponsePartition()
                        .partitionIndex(partition.partitionIndex())
                        .errorCode(outcome.code()));
            }
            topics.add(new TxnOffsetCommitResponseTopic().name(topic.name()).partitions(partitions));
        }
        return new TxnOffsetCommitResponse().topics(topics);
    }

    private ErrorCode stage(TxnOffsetCommitRequest request, String topic, TxnOffsetCommitRequestPartition partition) {
        OffsetKey key = new OffsetKey(topic, partition.partitionIndex());
        String metadata = partition.committedMetadata() == null ? "" : partition.committedMetadata();
        ErrorCode error = coordinator.commits().checkPartition(key, metadata);
        if (error == ErrorCode.NONE) {
            CommittedOffset offset = new CommittedOffset(
                    partition.committedOffset(), partition.committedLeaderEpoch(), metadata, cluster.timers().nowMillis(), CommittedOffset.NONE);
            coordinator.offsets().pend(request.groupId(), request.producerId(), key, offset);
        }
        return error;
    }

    private static Committer committer(TxnOffsetCommitRequest request, int version) {
        List<OffsetKey> partitions = new ArrayList<>();
        request.topics()
                .forEach(topic -> topic.partitions().forEach(partition -> partitions.add(new OffsetKey(topic.name(), partition.partitionIndex()))));
        return new Committer(
                request.memberId(), request.groupInstanceId(), TxnOffsetCommitFields.generation(request), /* transactional= */ true, (short) version,
                partitions);
    }

    @Override
    public void end(String groupId, long producerId, boolean commit) {
        coordinator.offsets().complete(producerId, groupId, commit);
    }
}
