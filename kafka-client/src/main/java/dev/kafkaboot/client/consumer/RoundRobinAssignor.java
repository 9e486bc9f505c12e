package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Deals out the partitions of all topics one by one, in the order of topics and partitions, to the members in the order of their ids, passing over those that do
 * not subscribe to the topic.
 */
public final class RoundRobinAssignor implements PartitionAssignor {

    @Override
    public String name() {
        return "roundrobin";
    }

    @Override
    public boolean isCooperative() {
        return false;
    }

    @Override
    public Map<String, List<TopicPartition>> assign(Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts) {
        List<Map.Entry<String, MemberSubscription>> inTurn = List.copyOf(new TreeMap<>(members).entrySet());
        Map<String, List<TopicPartition>> assignment = new LinkedHashMap<>();
        inTurn.forEach(member -> assignment.put(member.getKey(), new ArrayList<>()));
        int turn = 0;
        for (Map.Entry<String, Integer> topic : new TreeMap<>(partitionCounts).entrySet()) {
            if (inTurn.stream().noneMatch(member -> member.getValue().topics().contains(topic.getKey()))) {
                continue;
            }
            for (int partition = 0; partition < topic.getValue(); partition++) {
                while (!inTurn.get(turn % inTurn.size()).getValue().topics().contains(topic.getKey())) {
                    turn++;
                }
                assignment.getOrDefault(inTurn.get(turn++ % inTurn.size()).getKey(), List.of()).add(new TopicPartition(topic.getKey(), partition));
            }
        }
        return assignment;
    }
}
