package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ConsumerProtocol;
import dev.kafkaboot.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Shows members of groups of any type in the same way. */
final class GroupMembers {

    private GroupMembers() {}

    static List<FakeGroupMember> of(FakeKafka cluster, @Nullable Group group) {
        if (group instanceof ClassicGroup classic) {
            return classic.members().all().stream()
                    .map(member -> new FakeGroupMember(member.id(), member.instanceId(), member.clientId(), partitions(classic, member)))
                    .toList();
        }
        if (group instanceof ConsumerGroup consumers) {
            return consumers.members().stream()
                    .map(member -> new FakeGroupMember(member.id(), member.instanceId(), member.clientId(), partitions(cluster, member.assigned())))
                    .toList();
        }
        if (group instanceof ShareGroup shares) {
            return shares.members().stream()
                    .map(member -> new FakeGroupMember(member.id(), null, member.clientId(), partitions(cluster, member.assigned())))
                    .toList();
        }
        return List.of();
    }

    private static Map<String, List<Integer>> partitions(ClassicGroup group, ClassicMember member) {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        if (group.protocolType().equals(ClassicGroup.CONSUMER_PROTOCOL) && member.assignment().length > 0) {
            try {
                ConsumerProtocol.readAssignment(member.assignment())
                        .assignedPartitions()
                        .forEach(topic -> byTopic.put(topic.topic(), List.copyOf(topic.partitions())));
            } catch (ProtocolException foreign) {
                return Map.of(); // an assignor of its own kind: what it says is between the members
            }
        }
        return byTopic;
    }

    private static Map<String, List<Integer>> partitions(FakeKafka cluster, NavigableSet<GroupPartition> assigned) {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        for (GroupPartition partition : assigned) {
            FakeTopic topic = cluster.topics().find(partition.topicId());
            if (topic != null) {
                byTopic.computeIfAbsent(topic.name(), name -> new ArrayList<>()).add(partition.partition());
            }
        }
        return byTopic;
    }
}
