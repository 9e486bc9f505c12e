package dev.kafkaboot.test.history;

import static dev.kafkaboot.test.history.Edits.any;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Mutations of what one consumer reads. Each returns null if the history gives no occasion for it. */
final class ReadMutations {

    private ReadMutations() {}

    static @Nullable List<Operation> swapInsideAPoll(Original original) {
        return ofTwo(original, (poll, one, two) -> {
            List<PolledRecord> records = new ArrayList<>(Edits.records(poll));
            Collections.swap(records, records.indexOf(one), records.indexOf(two));
            return Edits.withRecords(poll, records);
        });
    }

    static @Nullable List<Operation> swapValuesInsideAPoll(Original original) {
        return ofTwo(original, (poll, one, two) -> Edits.replaced(
                Edits.replaced(poll, one, new PolledRecord(one.partition(), one.offset(), two.value())),
                two, new PolledRecord(two.partition(), two.offset(), one.value())));
    }

    private interface OfTwo {
        Operation change(Operation poll, PolledRecord one, PolledRecord two);
    }

    /** Changes two neighbours of one partition that others have read as well. */
    private static @Nullable List<Operation> ofTwo(Original original, OfTwo change) {
        List<Sighting> choices = original.sightings().stream()
                .filter(sighting -> original.isReadByOthers(sighting) && next(sighting) != null)
                .filter(sighting -> original.isReadByOthers(new Sighting(sighting.poll(), nextOf(sighting))))
                .toList();
        Sighting one = any(choices, original.random);
        return one == null ? null : Edits.with(original.operations, change.change(one.poll(), one.record(), nextOf(one)));
    }

    private static PolledRecord nextOf(Sighting sighting) {
        PolledRecord next = next(sighting);
        if (next == null) {
            throw new IllegalArgumentException("There is nothing behind " + sighting);
        }
        return next;
    }

    /** The record of the same partition behind one in the same poll. */
    private static @Nullable PolledRecord next(Sighting sighting) {
        List<PolledRecord> records = Edits.records(sighting.poll(), sighting.partition());
        int index = records.indexOf(sighting.record());
        return index + 1 < records.size() ? records.get(index + 1) : null;
    }

    static @Nullable List<Operation> skipInsideAPoll(Original original) {
        return without(original, original.sightings().stream()
                .filter(sighting -> original.isReadByOthers(sighting) && next(sighting) != null)
                .filter(sighting -> Edits.records(sighting.poll(), sighting.partition()).indexOf(sighting.record()) > 0)
                .toList());
    }

    static @Nullable List<Operation> skipBetweenPolls(Original original) {
        return without(original, firstsOfPolls(original, /* ofRuns= */ false));
    }

    static @Nullable List<Operation> skipAfterARebalance(Original original) {
        CommitLog commits = new CommitLog(original.facts);
        return without(original, firstsOfPolls(original, /* ofRuns= */ true).stream().filter(first -> mustBeFirst(first, original, commits)).toList());
    }

    /** Whether no commit, late or of unknown outcome, may have told the member to begin behind a record. */
    private static boolean mustBeFirst(Sighting first, Original original, CommitLog commits) {
        String group = first.poll().process().group();
        long assigned = original.runs.all().stream().filter(run -> run.first() == first).findFirst().orElseThrow().opened().position();
        return group != null && commits.possible(group, first.partition(), assigned, first.poll().completedPosition()).stream()
                .allMatch(offset -> offset <= first.offset());
    }

    private static @Nullable List<Operation> without(Original original, List<Sighting> choices) {
        Sighting gone = any(choices, original.random);
        return gone == null ? null : Edits.with(original.operations, Edits.without(gone.poll(), gone.record()));
    }

    /** Records that are the first of their partition in a poll which has more of them, and which others have read. */
    private static List<Sighting> firstsOfPolls(Original original, boolean ofRuns) {
        List<Sighting> firsts = new ArrayList<>();
        for (Run run : original.runs.all()) {
            boolean isOfGroup = run.opening() == Run.Opening.ASSIGNED;
            if (run.opening() == Run.Opening.UNCERTAIN || ofRuns && !isOfGroup) {
                continue;
            }
            for (Sighting sighting : run.delivered().values()) {
                boolean isFirstOfRun = sighting == run.first();
                boolean isFirstOfPoll = Edits.records(sighting.poll(), run.partition()).indexOf(sighting.record()) == 0;
                boolean isKnown = isFirstOfRun ? ofRuns : !ofRuns && isFirstOfPoll;
                if (isKnown && next(sighting) != null && original.isReadByOthers(sighting)) {
                    firsts.add(sighting);
                }
            }
        }
        return firsts;
    }

    /** A poll begins with a record that an earlier one has handed out. */
    static @Nullable List<Operation> goBack(Original original) {
        List<List<Operation>> results = new ArrayList<>();
        for (Run run : original.runs.all()) {
            Sighting first = run.first();
            Sighting later = run.delivered().values().stream().filter(each -> first != null && each.poll() != first.poll()).findFirst().orElse(null);
            if (first != null && later != null) {
                List<PolledRecord> records = new ArrayList<>(Edits.records(later.poll()));
                records.add(records.indexOf(later.record()), first.record());
                results.add(Edits.with(original.operations, Edits.withRecords(later.poll(), records)));
            }
        }
        return any(results, original.random);
    }

    /** A member reads a record that another has read, of a partition that it does not have. */
    static @Nullable List<Operation> consumeTwice(Original original) {
        List<List<Operation>> results = new ArrayList<>();
        for (Run run : original.runs.all()) {
            String group = run.process().group();
            Sighting last = run.delivered().values().stream().reduce((a, b) -> b).orElse(null);
            if (group == null || last == null || run.opening() != Run.Opening.ASSIGNED || run.ending() == Run.Ending.BROKEN_OFF) {
                continue;
            }
            original.operations.stream()
                    .filter(poll -> poll.action() instanceof Action.Poll && poll.isOk() && group.equals(poll.process().group()))
                    .filter(poll -> !poll.process().equals(run.process()))
                    .filter(poll -> poll.invoked().position() > last.poll().completedPosition() && poll.completedPosition() < run.endedPosition())
                    .filter(poll -> !original.isRebalancedDuring(poll))
                    .findFirst()
                    .ifPresent(poll -> results.add(Edits.with(original.operations, Edits.withMore(poll, last.record()))));
        }
        return any(results, original.random);
    }
}
