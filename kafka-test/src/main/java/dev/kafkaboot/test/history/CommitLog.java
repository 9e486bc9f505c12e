package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Commit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What each group has committed, and when it can have taken effect: what it may therefore be told. */
final class CommitLog {

    /**
     * One commit.
     *
     * @param offset the offset
     * @param outcome whether it took effect
     * @param from the position in the history before which it cannot have
     * @param to the one after which it cannot have, unless it is unknown whether it did
     */
    private record Entry(long offset, Outcome outcome, long from, long to) {

        /** A commit of which nobody knows may take effect at any time. */
        long latest() {
            return outcome == Outcome.OK ? to : Long.MAX_VALUE;
        }
    }

    private final Map<String, Map<PartitionId, List<Entry>>> entries = new TreeMap<>();

    CommitLog(Facts facts) {
        for (Operation operation : facts.operations()) {
            if (operation.action() instanceof Commit commit) {
                add(operation, commit, facts.transaction(operation));
            }
        }
    }

    private void add(Operation operation, Commit commit, @Nullable TransactionFacts transaction) {
        Outcome outcome = operation.outcome() == null ? Outcome.UNKNOWN : operation.outcome();
        long from = operation.invoked().position();
        long to = operation.completedPosition();
        if (transaction != null && outcome != Outcome.FAIL) {
            from = transaction.commitPosition();
            to = transaction.operation().completedPosition();
            outcome = transaction.outcome() == Outcome.OK ? outcome : transaction.outcome();
        }
        if (outcome != Outcome.FAIL) {
            Map<PartitionId, List<Entry>> ofGroup = entries.computeIfAbsent(commit.group(), absent -> new TreeMap<>());
            for (Map.Entry<PartitionId, Long> each : commit.offsets().entrySet()) {
                ofGroup.computeIfAbsent(each.getKey(), absent -> new ArrayList<>()).add(new Entry(each.getValue(), outcome, from, to));
            }
        }
    }

    private List<Entry> of(String group, PartitionId partition) {
        return entries.getOrDefault(group, Map.of()).getOrDefault(partition, List.of());
    }

    /** The offsets that a group may be told when it asks between two positions of the history. */
    List<Long> possible(String group, PartitionId partition, long asked, long answered) {
        List<Entry> all = of(group, partition);
        // Whatever was over before the last of these began has been overwritten by then.
        long overwritten = all.stream()
                .filter(entry -> entry.outcome() == Outcome.OK && entry.to() < asked)
                .mapToLong(Entry::from).max().orElse(Long.MIN_VALUE);
        return all.stream()
                .filter(entry -> entry.from() < answered && entry.latest() >= overwritten)
                .map(Entry::offset).distinct().sorted().toList();
    }

    /** Whether it may be told that there is none. */
    boolean mayBeNone(String group, PartitionId partition, long asked) {
        return of(group, partition).stream().noneMatch(entry -> entry.outcome() == Outcome.OK && entry.to() < asked);
    }

    /** The highest offset that it may ever have committed, or {@link Action#NO_OFFSET}. */
    long highest(String group, PartitionId partition) {
        return of(group, partition).stream().mapToLong(Entry::offset).max().orElse(Action.NO_OFFSET);
    }
}
