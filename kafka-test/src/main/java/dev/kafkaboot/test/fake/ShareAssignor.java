package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Uuid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Shares out the partitions of a share group: each is read by somebody, nobody reads nothing, and where there are more members than partitions several read the same one
 * (KIP-932). All partitions have equally many readers, and members differ by one partition at most. What a member has it keeps, if its share allows.
 *
 * <p>That holds among all partitions if all members read the same topics, and otherwise of each topic by itself: there a member that reads two topics has a share of both.
 */
final class ShareAssignor {

    static final String NAME = "simple";

    private final List<String> members;
    private final NavigableSet<GroupPartition> partitions;
    private final int readersEach;
    private final Map<String, Integer> room = new LinkedHashMap<>();
    private final TreeMap<GroupPartition, Integer> readers = new TreeMap<>();
    private final NavigableMap<String, NavigableSet<GroupPartition>> shares;

    /** For some members, of whom each may read all of some partitions; what they are given is added to their shares. */
    private ShareAssignor(List<String> members, NavigableSet<GroupPartition> partitions, NavigableMap<String, NavigableSet<GroupPartition>> shares) {
        this.members = members;
        this.partitions = partitions;
        this.shares = shares;
        this.readersEach = divide(members.size(), partitions.size());
        int all = readersEach * partitions.size();
        for (int i = 0; i < members.size(); i++) {
            room.put(members.get(i), divide(all * (i + 1), members.size()) - divide(all * i, members.size()));
        }
        partitions.forEach(partition -> readers.put(partition, 0));
    }

    /** Rounded up. */
    private static int divide(int dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    /**
     * Shares out partitions.
     *
     * @param readable what each member may read, by the members' ids
     * @param present what each member was to have so far, by the members' ids
     * @return what each member is to have, by the members' ids
     */
    static NavigableMap<String, NavigableSet<GroupPartition>> assign(
            Map<String, NavigableSet<GroupPartition>> readable, Map<String, NavigableSet<GroupPartition>> present) {
        TreeMap<String, NavigableSet<GroupPartition>> shares = new TreeMap<>();
        readable.keySet().forEach(member -> shares.put(member, new TreeSet<>()));
        NavigableSet<GroupPartition> partitions = new TreeSet<>();
        readable.values().forEach(partitions::addAll);
        if (readable.values().stream().allMatch(partitions::equals)) {
            assign(List.copyOf(shares.keySet()), partitions, present, shares);
            return shares;
        }
        for (Uuid topic : partitions.stream().map(GroupPartition::topicId).distinct().toList()) {
            NavigableSet<GroupPartition> ofTopic = new TreeSet<>(partitions.stream().filter(partition -> partition.topicId().equals(topic)).toList());
            List<String> members = shares.keySet().stream()
                    .filter(member -> readable.getOrDefault(member, new TreeSet<>()).contains(ofTopic.first()))
                    .toList();
            assign(members, ofTopic, present, shares);
        }
        return shares;
    }

    private static void assign(
            List<String> members, NavigableSet<GroupPartition> partitions, Map<String, NavigableSet<GroupPartition>> present,
            NavigableMap<String, NavigableSet<GroupPartition>> shares) {
        if (!members.isEmpty() && !partitions.isEmpty()) {
            ShareAssignor assignor = new ShareAssignor(members, partitions, shares);
            assignor.keep(present);
            assignor.fill();
        }
    }

    private void keep(Map<String, NavigableSet<GroupPartition>> present) {
        for (String member : members) {
            for (GroupPartition partition : present.getOrDefault(member, new TreeSet<>())) {
                if (partitions.contains(partition) && room(member) > 0 && readers(partition) < readersEach) {
                    give(partition, member);
                }
            }
        }
    }

    /** One reader for each that has none, then another one for each, and so on. */
    private void fill() {
        for (int wanted = 1; wanted <= readersEach; wanted++) {
            for (GroupPartition partition : new ArrayList<>(partitions)) {
                if (readers(partition) < wanted) {
                    freest(partition).ifPresent(member -> give(partition, member));
                }
            }
        }
    }

    /** The member that has room for most, and does not read the partition yet. */
    private Optional<String> freest(GroupPartition partition) {
        return members.stream()
                .filter(member -> room(member) > 0 && !share(member).contains(partition))
                .max(Comparator.comparingInt(this::room));
    }

    private void give(GroupPartition partition, String member) {
        share(member).add(partition);
        room.merge(member, -1, Integer::sum);
        readers.merge(partition, 1, Integer::sum);
    }

    private NavigableSet<GroupPartition> share(String member) {
        return Objects.requireNonNull(shares.get(member));
    }

    private int room(String member) {
        return Objects.requireNonNull(room.get(member));
    }

    private int readers(GroupPartition partition) {
        return Objects.requireNonNull(readers.get(partition));
    }
}
