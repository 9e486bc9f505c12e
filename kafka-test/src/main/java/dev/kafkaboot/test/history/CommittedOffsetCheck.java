package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Committed;
import dev.kafkaboot.test.history.Run.Opening;
import java.util.List;

/**
 * Are groups told the offsets that they have committed, and do their members begin there?
 *
 * <p>An answer is right if it was committed, and not replaced by a commit that began after it had taken effect and ended before the question. A commit of
 * which nobody knows may take effect at any time. Nothing of this can be said where a client commits and the history does not show it.
 *
 * <p>After a rebalance a member begins at such an offset, or behind it if only holes lie between; if there is none, where the reset policy says.
 */
final class CommittedOffsetCheck implements Check {

    @Override
    public void look(Facts facts, Runs runs, Findings findings) {
        if (!facts.expectations().areCommitsSeen()) {
            return;
        }
        CommitLog log = new CommitLog(facts);
        for (Operation operation : facts.operations()) {
            if (operation.action() instanceof Committed asked && operation.isOk()) {
                asked.partitions().forEach(partition -> answer(operation, asked, partition, log, findings));
            }
        }
        if (facts.expectations().areRebalancesSeen()) {
            runs.all().stream().filter(run -> run.opening() == Opening.ASSIGNED).forEach(run -> start(run, facts, log, findings));
        }
    }

    private static void answer(Operation operation, Committed asked, PartitionId partition, CommitLog log, Findings findings) {
        Long answer = asked.answer().get(partition);
        long from = operation.invoked().position();
        List<Long> possible = log.possible(asked.group(), partition, from, operation.completedPosition());
        boolean mayBeNone = log.mayBeNone(asked.group(), partition, from);
        if (answer == null ? !mayBeNone : !possible.contains(answer)) {
            findings.add(AnomalyType.WRONG_COMMITTED_OFFSET, partition, answer == null ? Action.NO_OFFSET : answer,
                    operation.process() + " was told that " + asked.group() + " has committed " + (answer == null ? "nothing" : "offset " + answer)
                            + " of " + partition + ", and that can only be " + (mayBeNone ? "nothing or " : "") + "one of " + possible,
                    List.of(operation));
        }
    }

    private static void start(Run run, Facts facts, CommitLog log, Findings findings) {
        String group = run.process().group();
        Sighting first = run.first();
        Operation opener = run.opener();
        if (group == null || first == null || opener == null) {
            return;
        }
        long assigned = run.opened().position();
        List<Long> possible = log.possible(group, run.partition(), assigned, first.poll().completedPosition());
        boolean mayBeNone = log.mayBeNone(group, run.partition(), assigned);
        boolean isAnywhere = mayBeNone && !facts.expectations().startAtEarliest();
        boolean isFromBeginning = mayBeNone && leadsTo(0, first, facts);
        if (!isAnywhere && !isFromBeginning && possible.stream().noneMatch(offset -> leadsTo(offset, first, facts))) {
            findings.add(AnomalyType.WRONG_START, run.partition(), first.offset(),
                    run.process() + " was given " + run.partition() + " and began at offset " + first.offset() + ", although " + group
                            + (possible.isEmpty() ? " had committed nothing" : " had committed " + (mayBeNone ? "nothing or " : "") + possible),
                    List.of(opener, first.poll()));
        }
    }

    /** Whether a reader that is told an offset may come to a record first: there are only holes between. */
    private static boolean leadsTo(long offset, Sighting first, Facts facts) {
        return offset <= first.offset() && facts.log(first.partition()).visible(offset, first.offset()).isEmpty();
    }
}
