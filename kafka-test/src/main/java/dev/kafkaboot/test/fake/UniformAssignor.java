package dev.kafkaboot.test.fake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Gives all members equally many partitions, as far as their subscriptions allow, and moves no more than that takes. */
final class UniformAssignor implements ServerAssignor {

    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public Map<String, NavigableSet<GroupPartition>> assign(Map<String, List<FakeTopic>> topics, Map<String, NavigableSet<GroupPartition>> present) {
        TreeMap<String, NavigableSet<GroupPartition>> readable = new TreeMap<>();
        topics.forEach((member, read) -> readable.put(member, partitionsOf(read)));
        TreeMap<String, NavigableSet<GroupPartition>> assigned = new TreeMap<>();
        NavigableSet<GroupPartition> free = new TreeSet<>();
        readable.values().forEach(free::addAll);
        readable.forEach((member, read) -> {
            NavigableSet<GroupPartition> kept = new TreeSet<>(present.getOrDefault(member, new TreeSet<>()));
            kept.retainAll(read);
            kept.retainAll(free);
            free.removeAll(kept);
            assigned.put(member, kept);
        });
        for (GroupPartition partition : free) {
            least(assigned, readers(readable, partition)).add(partition);
        }
        while (moveOne(assigned, readable)) {
            // Each move makes two members' shares more equal, so that this ends.
        }
        return assigned;
    }

    private static NavigableSet<GroupPartition> partitionsOf(List<FakeTopic> topics) {
        NavigableSet<GroupPartition> all = new TreeSet<>();
        for (FakeTopic topic : topics) {
            topic.partitions().forEach(partition -> all.add(new GroupPartition(topic.id(), partition.index())));
        }
        return all;
    }

    private static List<String> readers(Map<String, NavigableSet<GroupPartition>> readable, GroupPartition partition) {
        return readable.entrySet().stream()
                .filter(member -> member.getValue().contains(partition))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static NavigableSet<GroupPartition> least(Map<String, NavigableSet<GroupPartition>> assigned, List<String> members) {
        return members.stream()
                .map(member -> assigned.getOrDefault(member, new TreeSet<>()))
                .min(Comparator.comparingInt(NavigableSet::size))
                .orElseThrow();
    }

    /** Moves a partition from a member to one that has at least two less, if there are two such. */
    private static boolean moveOne(Map<String, NavigableSet<GroupPartition>> assigned, Map<String, NavigableSet<GroupPartition>> readable) {
        List<NavigableSet<GroupPartition>> largestFirst = new ArrayList<>(assigned.values());
        largestFirst.sort(Comparator.comparingInt((NavigableSet<GroupPartition> share) -> share.size()).reversed());
        for (NavigableSet<GroupPartition> from : largestFirst) {
            for (GroupPartition partition : from.descendingSet()) { // the last goes first, as with a broker
                NavigableSet<GroupPartition> to = least(assigned, readers(readable, partition));
                if (to.size() + 1 < from.size()) {
                    from.remove(partition);
                    to.add(partition);
                    return true;
                }
            }
        }
        return false;
    }
}
