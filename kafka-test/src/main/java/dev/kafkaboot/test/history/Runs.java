package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Commit;
import dev.kafkaboot.test.history.Action.Committed;
import dev.kafkaboot.test.history.Action.Finished;
import dev.kafkaboot.test.history.Moments.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Walks through a history and cuts what each process read of each partition into {@link Run}s; on the way, it notes for every commit how far the process
 * had come.
 */
final class Runs {

    /**
     * A commit of one partition, and what it may be.
     *
     * @param operation the commit, or a question whose answer tells of one
     * @param group whose offsets
     * @param partition which partition
     * @param offset the committed offset
     * @param limit the first offset that was not handed out, or not finished, or {@link Action#NO_OFFSET} if that is not known
     */
    record CommitNote(Operation operation, String group, PartitionId partition, long offset, long limit) {}

    private final Facts facts;
    private final Map<ProcessId, Reading> readings = new TreeMap<>(Reading.ORDER);
    private final GroupProgress progress = new GroupProgress();
    private final List<Run> runs = new ArrayList<>();
    private final List<CommitNote> commits = new ArrayList<>();

    Runs(Facts facts) {
        this.facts = facts;
        Disturbances disturbances = new Disturbances(facts.operations());
        for (Event event : Moments.of(facts.operations())) {
            Operation operation = event.operation();
            Reading reading = readings.computeIfAbsent(
                    operation.process(), process -> new Reading(process, disturbances, facts.expectations(), runs));
            if (!event.isEnd()) {
                began(operation, reading);
            } else {
                ended(operation, reading);
            }
        }
    }

    /** All of them, by beginning. */
    List<Run> all() {
        return runs;
    }

    /** All commits, by beginning. */
    List<CommitNote> commits() {
        return commits;
    }

    private void began(Operation operation, Reading reading) {
        if (operation.action() instanceof Commit commit) {
            commit.offsets().forEach((partition, offset) -> note(operation, commit, partition, offset, reading));
        }
        if (isCall(operation)) {
            reading.called(operation.invoked().position());
        }
    }

    /** Whether it shows that the application is done with what the last poll gave it. */
    private static boolean isCall(Operation operation) {
        return operation.action() instanceof Action.Poll || operation.action() instanceof Action.Close
                || operation.action() instanceof Action.Assign || operation.action() instanceof Action.Subscribe;
    }

    private void ended(Operation operation, Reading reading) {
        if (operation.action() instanceof Finished finished) {
            reading.finished(finished.partition(), finished.offset());
        } else if (operation.action() instanceof Committed asked && operation.isOk() && !facts.expectations().areCommitsSeen()) {
            asked.answer().forEach((partition, offset) ->
                    commits.add(new CommitNote(operation, asked.group(), partition, offset, toldLimit(asked.group(), partition))));
        } else {
            reading.ended(operation);
        }
    }

    private void note(Operation operation, Commit commit, PartitionId partition, long offset, Reading reading) {
        long limit = reading.limit(partition, commit.automatic());
        if (limit < 0) {
            limit = Math.max(groupLimit(commit.group(), partition), progress.committed(commit.group(), partition));
        }
        commits.add(new CommitNote(operation, commit.group(), partition, offset, limit));
        if (!operation.isFailed()) {
            progress.commit(commit.group(), partition, offset);
        }
    }

    /** How far the members of a group have come. */
    private long groupLimit(String group, PartitionId partition) {
        return readings.values().stream()
                .filter(reading -> group.equals(reading.process().group()))
                .mapToLong(reading -> reading.highest(partition)).max().orElse(Action.NO_OFFSET);
    }

    /** How far the members of a group may have committed by themselves. */
    private long toldLimit(String group, PartitionId partition) {
        long handedOut = readings.values().stream()
                .filter(reading -> group.equals(reading.process().group()))
                .mapToLong(reading -> reading.highestCommittable(partition)).max().orElse(Action.NO_OFFSET);
        return Math.max(handedOut, progress.committed(group, partition));
    }
}
