package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchRequest.FetchPartition;
import dev.kafkaboot.protocol.message.FetchResponse.AbortedTransaction;
import dev.kafkaboot.protocol.message.FetchResponse.EpochEndOffset;
import dev.kafkaboot.protocol.message.FetchResponse.PartitionData;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what one Fetch request wants, partition by partition, until it has as much as it asked for. */
final class PartitionReader {

    /** From this version on followers answer consumers (KIP-392). */
    private static final int FIRST_FROM_FOLLOWERS = 11;

    private static final byte READ_COMMITTED = 1;
    private static final int NO_EPOCH = -1;

    private final FakeKafka cluster;
    private final FakeBroker broker;
    private final FetchRequest request;
    private final int version;
    private long room;
    private boolean isFirst = true;

    PartitionReader(FakeKafka cluster, FakeBroker broker, FetchRequest request, int version) {
        this.cluster = cluster;
        this.broker = broker;
        this.request = request;
        this.version = version;
        this.room = request.maxBytes();
    }

    /** The partition that a fetch names, or null. */
    static @Nullable FakePartition find(FakeKafka cluster, FetchKey key) {
        FakeTopic topic = key.isById() ? cluster.topics().find(key.topicId()) : cluster.topics().find(key.topic());
        return topic == null ? null : topic.partition(key.partition());
    }

    PartitionData read(FetchKey key, FetchPartition asked) {
        FakePartition partition = find(cluster, key);
        if (partition == null) {
            boolean knownTopic = key.isById() && cluster.topics().find(key.topicId()) != null;
            return failed(key.partition(), FetchKey.usesIds(version) && !knownTopic
                    ? ErrorCode.UNKNOWN_TOPIC_ID
                    : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        ErrorCode obstacle =
                ReplicaAccess.obstacle(partition, broker, asked.currentLeaderEpoch(), /* onlyLeader= */ version < FIRST_FROM_FOLLOWERS);
        return obstacle == ErrorCode.NONE ? read(partition, asked) : unread(key.partition(), obstacle);
    }

    static PartitionData failed(int index, ErrorCode error) {
        return new PartitionData().partitionIndex(index).errorCode(error.code()).highWatermark(-1).records(Bytes.EMPTY);
    }

    /** As brokers have it, the list of a partition that is there and cannot be read is null, and that of one that is not there is empty. */
    private static PartitionData unread(int index, ErrorCode error) {
        return failed(index, error).abortedTransactions(null);
    }

    private PartitionData read(FakePartition partition, FetchPartition asked) {
        PartitionLog log = partition.log();
        long end = partition.leader() == broker.id() ? log.endOffset() : log.highWatermark();
        PartitionData data = new PartitionData()
                .partitionIndex(partition.index())
                .highWatermark(log.highWatermark())
                .lastStableOffset(log.lastStableOffset())
                .logStartOffset(log.startOffset())
                .abortedTransactions(isCommittedOnly() ? List.of() : null)
                .records(Bytes.EMPTY);
        if (version >= FIRST_FROM_FOLLOWERS) {
            int preferred = ReadReplicas.preferred(cluster, partition, broker, request.rackId(), asked.fetchOffset());
            if (preferred != ReadReplicas.NONE) {
                return data.preferredReadReplica(preferred);
            }
        }
        if (asked.lastFetchedEpoch() != NO_EPOCH) {
            LeaderEpochs.End known = log.epochs().endOf(asked.lastFetchedEpoch(), end);
            if (known.equals(LeaderEpochs.End.UNDEFINED)) {
                return unread(partition.index(), ErrorCode.OFFSET_OUT_OF_RANGE);
            }
            if (known.epoch() < asked.lastFetchedEpoch() || known.offset() < asked.fetchOffset()) {
                return data.divergingEpoch(new EpochEndOffset().epoch(known.epoch()).endOffset(known.offset()));
            }
        }
        if (asked.fetchOffset() < log.startOffset() || asked.fetchOffset() > end) {
            return unread(partition.index(), ErrorCode.OFFSET_OUT_OF_RANGE);
        }
        return take(log, asked, data);
    }

    private PartitionData take(PartitionLog log, FetchPartition asked, PartitionData data) {
        long visible = isCommittedOnly() ? log.lastStableOffset() : log.highWatermark();
        int limit = (int) Math.max(0, Math.min(room, asked.partitionMaxBytes()));
        PartitionLog.Slice slice = log.read(asked.fetchOffset(), visible, limit, /* wholeFirst= */ isFirst);
        int size = slice.bytes().size();
        room -= size;
        isFirst &= size == 0;
        data.records(slice.bytes());
        if (isCommittedOnly()) {
            data.abortedTransactions(log.abortedWithin(asked.fetchOffset(), slice.nextOffset()).stream()
                    .map(aborted -> new AbortedTransaction().producerId(aborted.producerId()).firstOffset(aborted.firstOffset()))
                    .toList());
        }
        return data;
    }

    private boolean isCommittedOnly() {
        return request.isolationLevel() == READ_COMMITTED;
    }
}
