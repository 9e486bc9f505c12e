package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks up what a group has committed, in the words of the newer versions of OffsetFetch. */
final class OffsetFetches {

    /** What is answered where nothing is committed. */
    private static final long NO_OFFSET = -1;

    private final FakeKafka cluster;
    private final GroupCoordinator coordinator;

    OffsetFetches(FakeKafka cluster) {
        this.cluster = cluster;
        this.coordinator = cluster.groupCoordinator();
    }

    /** What a broker answers for a group. A group that is not there has committed nothing, which is no error. */
    OffsetFetchResponseGroup fetch(FakeBroker broker, OffsetFetchRequestGroup asked, boolean requireStable, boolean byTopicId) {
        ErrorCode error = coordinator.checkAlsoUnnamed(asked.groupId(), broker);
        Group group = coordinator.find(asked.groupId());
        if (error == ErrorCode.NONE && group != null) {
            error = group.checkFetch(asked.memberId(), asked.memberEpoch());
        }
        OffsetFetchResponseGroup answer = new OffsetFetchResponseGroup().groupId(asked.groupId()).errorCode(error.code());
        if (error != ErrorCode.NONE) {
            return answer;
        }
        List<OffsetFetchRequestTopics> topics = asked.topics();
        return answer.topics(
                topics == null
                        ? all(asked.groupId(), requireStable)
                        : unknownLast(topics, byTopicId).map(topic -> fetch(asked.groupId(), topic, requireStable, byTopicId)).toList());
    }

    /** A broker looks up what it knows by name, and tells of ids that it does not know behind that. */
    private Stream<OffsetFetchRequestTopics> unknownLast(List<OffsetFetchRequestTopics> topics, boolean byTopicId) {
        return topics.stream().sorted(Comparator.comparing(topic -> byTopicId && cluster.topics().find(topic.topicId()) == null));
    }

    private OffsetFetchResponseTopics fetch(String groupId, OffsetFetchRequestTopics topic, boolean requireStable, boolean byTopicId) {
        FakeTopic found = byTopicId ? cluster.topics().find(topic.topicId()) : cluster.topics().find(topic.name());
        String name = byTopicId ? (found == null ? null : found.name()) : topic.name();
        return new OffsetFetchResponseTopics()
                .name(topic.name())
                .topicId(topic.topicId())
                .partitions(topic.partitionIndexes().stream()
                        .map(partition -> fetch(groupId, name, partition, requireStable))
                        .toList());
    }

    private OffsetFetchResponsePartitions fetch(String groupId, @Nullable String topic, int partition, boolean requireStable) {
        return topic == null
                ? failed(partition, ErrorCode.UNKNOWN_TOPIC_ID)
                : fetch(groupId, new OffsetKey(topic, partition), requireStable);
    }

    private OffsetFetchResponsePartitions fetch(String groupId, OffsetKey key, boolean requireStable) {
        if (requireStable && coordinator.offsets().isPending(groupId, key)) {
            return failed(key.partition(), ErrorCode.UNSTABLE_OFFSET_COMMIT);
        }
        CommittedOffset offset = coordinator.offsets().find(groupId, key);
        if (offset == null) {
            return failed(key.partition(), ErrorCode.NONE);
        }
        return new OffsetFetchResponsePartitions()
                .partitionIndex(key.partition())
                .committedOffset(offset.offset())
                .committedLeaderEpoch(offset.leaderEpoch())
                .metadata(offset.metadata());
    }

    private List<OffsetFetchResponseTopics> all(String groupId, boolean requireStable) {
        NavigableMap<String, List<OffsetFetchResponsePartitions>> byTopic = new TreeMap<>();
        for (OffsetKey key : coordinator.offsets().all(groupId).keySet()) {
            byTopic.computeIfAbsent(key.topic(), topic -> new ArrayList<>()).add(fetch(groupId, key, requireStable));
        }
        return byTopic.entrySet().stream()
                .map(topic -> new OffsetFetchResponseTopics().name(topic.getKey()).topicId(idOf(topic.getKey())).partitions(topic.getValue()))
                .toList();
    }

    private Uuid idOf(String topic) {
        FakeTopic found = cluster.topics().find(topic);
        return found == null ? Uuid.ZERO : found.id();
    }

    /** The answer without an offset. */
    static OffsetFetchResponsePartitions failed(int partition, ErrorCode error) {
        return new OffsetFetchResponsePartitions().partitionIndex(partition).committedOffset(NO_OFFSET).metadata("").errorCode(error.code());
    }
}
