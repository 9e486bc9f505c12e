package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One partition's log as a broker has it: values, and the markers of transactions. */
final class SimulatedLog {

    /** What a reader gets, and where it is then. */
    record Batch(List<PolledRecord> records, long next) {}

    private record Entry(@Nullable HistoryValue value, int transaction) {}

    private final PartitionId partition;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<Integer, Boolean> committed = new HashMap<>();

    SimulatedLog(PartitionId partition) {
        this.partition = partition;
    }

    PartitionId partition() {
        return partition;
    }

    /** Returns the offset. */
    long append(HistoryValue value, int transaction) {
        entries.add(new Entry(value, transaction));
        return entries.size() - 1L;
    }

    /** Ends a transaction here, if it has written here. */
    void end(int transaction, boolean isCommitted) {
        if (entries.stream().anyMatch(entry -> entry.transaction() == transaction)) {
            committed.put(transaction, isCommitted);
            entries.add(new Entry(null, -1));
        }
    }

    long size() {
        return entries.size();
    }

    /** Reads what is committed, up to the first record of a transaction that has not ended. */
    Batch read(long from, int recordsMax) {
        List<PolledRecord> records = new ArrayList<>();
        int at = (int) from;
        for (; at < entries.size() && records.size() < recordsMax; at++) {
            Entry entry = entries.get(at);
            if (entry.transaction() >= 0 && !committed.containsKey(entry.transaction())) {
                break;
            }
            HistoryValue value = entry.value();
            if (value != null && committed.getOrDefault(entry.transaction(), true)) {
                records.add(new PolledRecord(partition, at, value));
            }
        }
        return new Batch(records, at);
    }
}
