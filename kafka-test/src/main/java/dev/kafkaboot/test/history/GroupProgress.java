package dev.kafkaboot.test.history;

import java.util.Map;
import java.util.TreeMap;

/** The highest offset that each group was asked to commit for each partition. */
final class GroupProgress {

    private final Map<String, Map<PartitionId, Long>> committed = new TreeMap<>();

    void commit(String group, PartitionId partition, long offset) {
        committed.computeIfAbsent(group, absent -> new TreeMap<>()).merge(partition, offset, Math::max);
    }

    /** The highest one, or {@link Action#NO_OFFSET}. */
    long committed(String group, PartitionId partition) {
        return committed.getOrDefault(group, Map.of()).getOrDefault(partition, Action.NO_OFFSET);
    }
}
