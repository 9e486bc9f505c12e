package dev.kafkaboot.test.fake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Shares out the partitions of a share group: each is read by somebody, nobody reads more than their share, and where there are more members than partitions several
 * read the same one (KIP-932). What a member has it keeps, if its share allows.
 */
final class ShareAssignor {

    static final String NAME = "simple";

    private ShareAssignor() {}

    /**
     * Shares out partitions.
     *
     * @param readable what each member may read, by the members' ids
     * @param present what each member was to have so far, by the members' ids
     * @return what each member is to have, by the members' ids
     */
    static NavigableMap<String, NavigableSet<GroupPartition>> assign(
            Map<String, NavigableSet<GroupPartition>> readable, Map<String, NavigableSet<GroupPartition>> present) {
        NavigableSet<GroupPartition> partitions = new TreeSet<>();
        readable.values().forEach(partitions::addAll);
        int most = readable.isEmpty() ? 0 : (partitions.size() + readable.size() - 1) / readable.size();
        TreeMap<String, NavigableSet<GroupPartition>> shares = new TreeMap<>();
        TreeMap<GroupPartition, Integer> readers = new TreeMap<>();
        partitions.forEach(partition -> readers.put(partition, 0));
        int mostReaders = partitions.isEmpty() ? 0 : (readable.size() + partitions.size() - 1) / partitions.size();
        readable.forEach((member, own) -> {
            NavigableSet<GroupPartition> share = new TreeSet<>();
            for (GroupPartition partition : present.getOrDefault(member, new TreeSet<>())) {
                if (share.size() < most && own.contains(partition) && readers.getOrDefault(partition, 0) < mostReaders) {
                    share.add(partition);
                    readers.merge(partition, 1, Integer::sum);
                }
            }
            shares.put(member, share);
        });
        giveAwayWhatNobodyReads(readable, shares, readers);
        employWhoReadsNothing(readable, shares, readers);
        return shares;
    }

    private static void giveAwayWhatNobodyReads(
            Map<String, NavigableSet<GroupPartition>> readable, Map<String, NavigableSet<GroupPartition>> shares, Map<GroupPartition, Integer> readers) {
        for (GroupPartition partition : new ArrayList<>(readers.keySet())) {
            if (readers.getOrDefault(partition, 0) == 0) {
                shares.entrySet().stream()
                        .filter(share -> readable.getOrDefault(share.getKey(), new TreeSet<>()).contains(partition))
                        .min(Comparator.comparingInt((Map.Entry<String, NavigableSet<GroupPartition>> share) -> share.getValue().size()))
                        .ifPresent(share -> {
                            share.getValue().add(partition);
                            readers.merge(partition, 1, Integer::sum);
                        });
            }
        }
    }

    private static void employWhoReadsNothing(
            Map<String, NavigableSet<GroupPartition>> readable, Map<String, NavigableSet<GroupPartition>> shares, Map<GroupPartition, Integer> readers) {
        shares.forEach((member, share) -> {
            List<GroupPartition> own = List.copyOf(readable.getOrDefault(member, new TreeSet<>()));
            if (share.isEmpty() && !own.isEmpty()) {
                GroupPartition least = own.stream().min(Comparator.comparingInt(partition -> readers.getOrDefault(partition, 0))).orElseThrow();
                share.add(least);
                readers.merge(least, 1, Integer::sum);
            }
        });
    }
}
