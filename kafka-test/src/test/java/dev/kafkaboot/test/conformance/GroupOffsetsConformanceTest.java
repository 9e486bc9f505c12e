package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import dev.kafkaboot.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import dev.kafkaboot.protocol.message.OffsetDeleteRequest;
import dev.kafkaboot.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import dev.kafkaboot.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import dev.kafkaboot.protocol.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Offsets of groups: committed, fetched and deleted. */
class GroupOffsetsConformanceTest extends ConformanceTest {

    private static final int NEWEST = 10;

    private static OffsetCommitRequest commit(Side side, String group, String topic, int partition, String metadata) {
        var offset = new OffsetCommitRequestPartition()
                .partitionIndex(partition)
                .committedOffset(7)
                .committedLeaderEpoch(0)
                .committedMetadata(metadata);
        return new OffsetCommitRequest().groupId(group).topics(List.of(
                new OffsetCommitRequestTopic().name(topic).topicId(side.idOf(topic)).partitions(List.of(offset))));
    }

    private static OffsetFetchRequest fetch(Side side, String group, int version, String... topics) {
        if (version < 8) {
            return new OffsetFetchRequest().groupId(group).topics(List.of(topics).stream()
                    .map(topic -> new OffsetFetchRequestTopic().name(topic).partitionIndexes(List.of(0, 1)))
                    .toList());
        }
        return new OffsetFetchRequest().groups(List.of(new OffsetFetchRequestGroup().groupId(group).topics(List.of(topics).stream()
                .map(topic -> new OffsetFetchRequestTopics().name(topic).topicId(side.idOf(topic)).partitionIndexes(List.of(0, 1)))
                .toList())));
    }

    private static OffsetDeleteRequest delete(String group, String topic, int partition) {
        return new OffsetDeleteRequest().groupId(group).topics(List.of(new OffsetDeleteRequestTopic().name(topic).partitions(
                List.of(new OffsetDeleteRequestPartition().partitionIndex(partition)))));
    }

    @Test
    void everyVersionIsAnswered() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders");
            for (int version = 2; version <= NEWEST; version++) {
                side.tell("commit", commit(side, group, topic, 0, "note " + version), version);
                side.tell("unknown topic", commit(side, group, side.named("nowhere"), 0, ""), version);
                side.tell("unknown partition", commit(side, group, topic, 5, null), version);
            }
            for (int version = 1; version <= NEWEST; version++) {
                side.tell("fetch", fetch(side, group, version, topic), version);
                side.tell("fetch of two", fetch(side, group, version, side.named("nowhere"), topic), version);
                side.tell("fetch of an unknown group", fetch(side, side.named("group"), version, topic), version);
                if (version >= 2) {
                    OffsetFetchRequest all = fetch(side, group, version, topic);
                    all.groups().forEach(asked -> asked.topics(null));
                    side.tell("all", version < 8 ? all.topics(null) : all, version);
                }
            }
        });
    }

    @Test
    void wrongCommitsAreRefused() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders");
            side.tell("generation of no group", commit(side, group, topic, 0, "").generationIdOrMemberEpoch(3), NEWEST);
            side.tell("member of no group", commit(side, group, topic, 0, "").generationIdOrMemberEpoch(3).memberId("a"), NEWEST);
            side.tell("member of no group", commit(side, group, topic, 0, "").generationIdOrMemberEpoch(3).memberId("a"), 8);
            side.tell("long metadata", commit(side, group, topic, 0, "x".repeat(5000)), NEWEST);
            side.tell("group without a name", commit(side, "", topic, 0, ""), 8);
            Member member = new Member(side, group).becomeStable();
            side.tell("no member", commit(side, group, topic, 0, ""), NEWEST);
            side.tell("other member", commit(side, group, topic, 0, "").generationIdOrMemberEpoch(1).memberId("a"), NEWEST);
            side.tell("other member", commit(side, group, topic, 0, "").generationIdOrMemberEpoch(1).memberId("a"), 8);
            side.tell("other generation", commit(side, group, topic, 0, "").generationIdOrMemberEpoch(2).memberId(member.id), NEWEST);
            side.tell("other instance", commit(side, group, topic, 0, "")
                    .generationIdOrMemberEpoch(1)
                    .memberId(member.id)
                    .groupInstanceId("x"), NEWEST);
            side.tell("member", commit(side, group, topic, 0, "mine").generationIdOrMemberEpoch(1).memberId(member.id), NEWEST);
            side.tell("fetch", fetch(side, group, NEWEST, topic), NEWEST);
        });
    }

    @Test
    void offsetsOfReadTopicsAreNotDeleted() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String topic = side.topic("orders");
            String other = side.topic("bills");
            side.tell("no group", delete(group, topic, 0), 0);
            side.tell("commit", commit(side, group, topic, 0, ""), NEWEST);
            side.tell("commit", commit(side, group, other, 0, ""), NEWEST);
            Member member = new Member(side, group);
            member.protocols = List.of(Member.protocol("range", topic));
            member.becomeStable();
            side.tell("read topic", delete(group, topic, 0), 0);
            side.tell("topic that is not read", delete(group, other, 0), 0);
            side.tell("unknown topic", delete(group, side.named("nowhere"), 0), 0);
            side.tell("unknown partition", delete(group, other, 9), 0);
            side.tell("without an offset", delete(group, other, 0), 0);
            side.tell("group without a name", delete("", other, 0), 0);
            member.leave("leave");
            side.tell("no longer read topic", delete(group, topic, 0), 0);
            side.tell("fetch", fetch(side, group, NEWEST, topic, other), NEWEST);
        });
    }
}
