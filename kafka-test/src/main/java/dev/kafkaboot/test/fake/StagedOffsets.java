package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest;
import dev.kafkaboot.protocol.message.TxnOffsetCommitResponse;
import dev.kafkaboot.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition;
import dev.kafkaboot.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Offsets of groups that nobody is a member of: all are taken. */
final class StagedOffsets implements TransactionalOffsets {

    private final TreeMap<Owner, TreeMap<String, Long>> staged = new TreeMap<>();
    private final TreeMap<String, Long> committed = new TreeMap<>();

    private record Owner(String groupId, long producerId) implements Comparable<Owner> {

        @Override
        public int compareTo(Owner other) {
            int byGroup = groupId.compareTo(other.groupId);
            return byGroup != 0 ? byGroup : Long.compare(producerId, other.producerId);
        }
    }

    @Override
    public TxnOffsetCommitResponse stage(TxnOffsetCommitRequest request, int version) {
        TreeMap<String, Long> offsets =
                staged.computeIfAbsent(new Owner(request.groupId(), request.producerId()), owner -> new TreeMap<>());
        return new TxnOffsetCommitResponse().topics(request.topics().stream()
                .map(topic -> new TxnOffsetCommitResponseTopic().name(topic.name()).partitions(
                        topic.partitions().stream()
                                .map(partition -> {
                                    String name = topic.name() + "-" + partition.partitionIndex();
                                    offsets.put(key(request.groupId(), name), partition.committedOffset());
                                    return new TxnOffsetCommitResponsePartition().partitionIndex(partition.partitionIndex());
                                })
                                .toList()))
                .toList());
    }

    @Override
    public void end(String groupId, long producerId, boolean commit) {
        TreeMap<String, Long> offsets = staged.remove(new Owner(groupId, producerId));
        if (offsets != null && commit) {
            committed.putAll(offsets);
        }
    }

    /** What a group has committed for a partition. */
    OptionalLong committed(String groupId, String topic, int partition) {
        Long offset = committed.get(key(groupId, topic + "-" + partition));
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    private static String key(String groupId, String partition) {
        return groupId + "/" + partition;
    }
}
