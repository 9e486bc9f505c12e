package dev.kafkaboot.test.history;

import static dev.kafkaboot.test.history.Edits.any;

import dev.kafkaboot.test.history.Action.Commit;
import dev.kafkaboot.test.history.Action.Committed;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Mutations of commits and of completions. Each returns null if the history gives no occasion for it. */
final class ProgressMutations {

    private ProgressMutations() {}

    /** A commit that was refused, so that nothing depends on it, goes one value further. */
    static @Nullable List<Operation> commitTooFar(Original original) {
        List<List<Operation>> results = new ArrayList<>();
        for (Runs.CommitNote note : original.runs.commits()) {
            Long unprocessed = note.limit() < 0 ? null : original.facts.log(note.partition()).visible().ceiling(note.limit());
            if (unprocessed != null && note.operation().action() instanceof Commit commit && note.operation().isFailed()) {
                SortedMap<PartitionId, Long> offsets = new TreeMap<>(commit.offsets());
                offsets.put(note.partition(), unprocessed + 1);
                results.add(Edits.with(original.operations,
                        Edits.with(note.operation(), new Commit(commit.group(), offsets, commit.automatic()))));
            }
        }
        return any(results, original.random);
    }

    /** A group is told an offset that nobody ever committed. */
    static @Nullable List<Operation> tellAWrongOffset(Original original) {
        List<List<Operation>> results = new ArrayList<>();
        for (Operation operation : original.operations) {
            if (operation.action() instanceof Committed asked && operation.isOk() && !asked.answer().isEmpty()) {
                SortedMap<PartitionId, Long> wrong = new TreeMap<>(asked.answer());
                wrong.put(wrong.firstKey(), 1_000_000L);
                results.add(Edits.with(original.operations,
                        Edits.with(operation, new Committed(asked.group(), asked.partitions(), wrong))));
            }
        }
        return any(results, original.random);
    }

    /** An operation without a result never ends. */
    static @Nullable List<Operation> neverEnd(Original original) {
        Operation operation = any(original.operations.stream()
                .filter(each -> each.isOk() && each.completedPosition() > each.invoked().position())
                .filter(each -> each.action() instanceof Action.Close || each.action() instanceof Action.Poll poll && poll.records().isEmpty())
                .toList(), original.random);
        return operation == null ? null : Edits.with(original.operations, Edits.open(operation));
    }
}
