package dev.kafkaboot.test.history;

import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Does every run go up, and leave nothing out?
 *
 * <p>Offsets that a run leaves out are only missed if others have read a value there; and a value that comes later in the same run is out of order, not
 * left out. A seek counts as the record before the first: what comes after it must be neither below nor, but for holes, above what was asked for.
 */
final class PollOrderCheck implements Check {

    @Override
    public void look(Facts facts, Runs runs, Findings findings) {
        for (Run run : runs.all()) {
            run.returns().forEach(step -> back(run, step, findings));
            run.gaps().forEach(step -> skipped(run, step, facts, findings));
        }
    }

    private static void back(Run run, Run.Step step, Findings findings) {
        String from = step.from() == null ? "after a seek to " + step.expected() : "after offset " + step.from().offset();
        findings.add(step.isInside() ? AnomalyType.INTERNAL_NON_MONOTONIC_POLL : AnomalyType.NON_MONOTONIC_POLL,
                run.partition(), step.to().offset(),
                run.process() + " read " + step.to().record() + " " + from + (step.isInside() ? ", in the same poll" : ""),
                step.operations());
    }

    private static void skipped(Run run, Run.Step step, Facts facts, Findings findings) {
        NavigableSet<Long> missing = new TreeSet<>(facts.log(run.partition()).visible(step.expected(), step.to().offset()));
        Set<Long> delivered = run.delivered().keySet();
        missing.removeAll(delivered);
        if (!missing.isEmpty()) {
            String from = step.from() == null ? "a seek to " + step.expected() : "offset " + step.from().offset();
            findings.add(step.isInside() ? AnomalyType.INTERNAL_SKIPPED_POLL : AnomalyType.SKIPPED_POLL,
                    run.partition(), missing.first(),
                    run.process() + " went from " + from + " to " + step.to().record() + (step.isInside() ? " in one poll" : "")
                            + ", past offset" + (missing.size() == 1 ? " " + missing.first() : "s " + missing) + ", where others have read something",
                    step.operations());
        }
    }
}
