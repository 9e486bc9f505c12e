package dev.kafkaboot.test.history;

import java.util.List;

/**
 * Looks for what must not have happened in a history.
 *
 * <p>It works from what is certain. Values occur once in a history and say where they belong, so every record that was read leads to its send. Of each
 * partition's log the checker knows what was acknowledged and what was read, by offset; control records and aborted values leave holes, so a missing
 * offset means nothing, and a missing value means something only if some reader has seen it, or if its send was acknowledged. A send or transaction of which
 * the client could not say what became of it is taken as done as soon as a value of it was read, and else as not done.
 *
 * <p>What each process reads of a partition is cut into runs: from a rebalance, a seek or an assignment to the next. Within a run offsets go up and leave
 * no visible value out. Between runs only the committed offsets bind.
 *
 * <p>One mishap is reported once, as what it is: an offset with two values is inconsistent, and neither of them is called a duplicate; a value that
 * nobody ever read is lost, and not skipped; a read that is part of a write-read cycle is not called precommitted as well. Each check says in its own words
 * what it looks for.
 *
 * <p>It cannot judge a log that loses records rightly, by retention, compaction or truncation: allow {@link AnomalyType#LOST_WRITE},
 * {@link AnomalyType#UNSEEN} and {@link AnomalyType#WRONG_START} there.
 *
 * @see Expectations
 */
public final class HistoryChecker {

    private static final List<Check> CHECKS = List.of(
            new PlacementCheck(), new LossCheck(), new UncommittedReadCheck(), new PollOrderCheck(), new SendOrderCheck(), new CommitCheck(),
            new CommittedOffsetCheck(), new TwiceConsumedCheck(), new StuckCheck());

    private HistoryChecker() {}

    /** Judges what has been recorded up to now. */
    public static Report check(History history, Expectations expectations) {
        return check(history.operations(), expectations);
    }

    static Report check(List<Operation> operations, Expectations expectations) {
        Facts facts = new Facts(operations, expectations);
        Runs runs = new Runs(facts);
        Findings findings = new Findings(expectations);
        CHECKS.forEach(check -> check.look(facts, runs, findings));
        return new Report(operations, expectations, findings.counts(), findings.anomalies());
    }
}
