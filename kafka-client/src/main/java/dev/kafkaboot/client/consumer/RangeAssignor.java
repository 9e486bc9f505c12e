package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gives each member, in the order of their ids, one run of consecutive partitions of each topic that it subscribes to. The longer runs come first. */
public final class RangeAssignor implements PartitionAssignor {

    @Override
    public String name() {
        return "range";
    }

    @Override
    public boolean isCooperative() {
        return false;
    }

    @Override
    public Map<String, List<TopicPartition>> assign(Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts) {
        Map<String, List<TopicPartition>> assignment = new LinkedHashMap<>();
        Map<String, List<String>> membersByTopic = new TreeMap<>();
        for (Map.Entry<String, MemberSubscription> member : new TreeMap<>(members).entrySet()) {
            assignment.put(member.getKey(), new ArrayList<>());
            member.getValue().topics().forEach(topic -> membersByTopic.computeIfAbsent(topic, absent -> new ArrayList<>()).add(member.getKey()));
        }
        membersByTopic.forEach((topic, ids) -> assignTopic(topic, partitionCounts.getOrDefault(topic, 0), ids, assignment));
        return assignment;
    }

    private static void assignTopic(String topic, int partitions, List<String> members, Map<String, List<TopicPartition>> assignment) {
        int share = partitions / members.size();
        int withOneMore = partitions % members.size();
        int next = 0;
        for (int i = 0; i < members.size(); i++) {
            int end = next + share + (i < withOneMore ? 1 : 0);
            List<TopicPartition> given = assignment.getOrDefault(members.get(i), List.of());
            while (next < end) {
                given.add(new TopicPartition(topic, next++));
            }
        }
    }
}
