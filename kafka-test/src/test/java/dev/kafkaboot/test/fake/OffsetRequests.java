package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import dev.kafkaboot.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Requests about committed offsets. */
final class OffsetRequests {

    private OffsetRequests() {}

    /** A commit of nobody in particular, up to version 9. */
    static OffsetCommitRequest commit(String group, String topic, Map<Integer, Long> offsets) {
        return new OffsetCommitRequest().groupId(group).topics(List.of(new OffsetCommitRequestTopic().name(topic).partitions(partitions(offsets))));
    }

    /** A commit of nobody in particular, of version 10. */
    static OffsetCommitRequest commit(String group, Uuid topic, Map<Integer, Long> offsets) {
        return new OffsetCommitRequest().groupId(group).topics(List.of(new OffsetCommitRequestTopic().topicId(topic).partitions(partitions(offsets))));
    }

    private static List<OffsetCommitRequestPartition> partitions(Map<Integer, Long> offsets) {
        return new TreeMap<>(offsets)
                .entrySet().stream()
                        .map(each -> new OffsetCommitRequestPartition().partitionIndex(each.getKey()).committedOffset(each.getValue()))
                        .toList();
    }

    /** Asks for one group, up to version 7. */
    static OffsetFetchRequest fetch(String group, String topic, Integer... partitions) {
        return new OffsetFetchRequest()
                .groupId(group)
                .topics(List.of(new OffsetFetchRequestTopic().name(topic).partitionIndexes(Arrays.asList(partitions))));
    }

    /** A part of a request of version 8 or 9. */
    static OffsetFetchRequestGroup of(String group, String topic, Integer... partitions) {
        return new OffsetFetchRequestGroup()
                .groupId(group)
                .topics(List.of(new OffsetFetchRequestTopics().name(topic).partitionIndexes(Arrays.asList(partitions))));
    }

    /** A part of a request of version 10. */
    static OffsetFetchRequestGroup of(String group, Uuid topic, Integer... partitions) {
        return new OffsetFetchRequestGroup()
                .groupId(group)
                .topics(List.of(new OffsetFetchRequestTopics().topicId(topic).partitionIndexes(Arrays.asList(partitions))));
    }
}
