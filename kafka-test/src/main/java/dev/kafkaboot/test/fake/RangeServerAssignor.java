package dev.kafkaboot.test.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Gives each member a range of each topic's partitions, so that partitions of the same number in topics of the same size go together. */
final class RangeServerAssignor implements ServerAssignor {

    @Override
    public String name() {
        return "range";
    }

    @Override
    public Map<String, NavigableSet<GroupPartition>> assign(Map<String, List<FakeTopic>> topics, Map<String, NavigableSet<GroupPartition>> present) {
        TreeMap<String, FakeTopic> all = new TreeMap<>();
        TreeMap<String, List<String>> readers = new TreeMap<>();
        TreeMap<String, NavigableSet<GroupPartition>> assigned = new TreeMap<>();
        new TreeMap<>(topics).forEach((member, read) -> {
            assigned.put(member, new TreeSet<>());
            read.forEach(topic -> {
                all.put(topic.name(), topic);
                readers.computeIfAbsent(topic.name(), name -> new ArrayList<>()).add(member);
            });
        });
        all.forEach((name, topic) -> {
            List<String> members = readers.getOrDefault(name, List.of());
            int partitions = topic.partitions().size();
            int next = 0;
            for (int i = 0; i < members.size(); i++) {
                int share = partitions / members.size() + (i < partitions % members.size() ? 1 : 0);
                for (int end = next + share; next < end; next++) {
                    assigned.computeIfAbsent(members.get(i), member -> new TreeSet<>()).add(new GroupPartition(topic.id(), next));
                }
            }
        });
        return assigned;
    }
}
