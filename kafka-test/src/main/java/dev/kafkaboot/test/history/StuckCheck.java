package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Transaction;
import dev.kafkaboot.test.history.Run.Opening;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Does everything end, and does every reader get on?
 *
 * <p>An operation is stuck if it has not ended, although its process lives; or if it took longer than the limit, where there is one. A transaction is only
 * waited for from when it is asked to end. A consumer is stuck if it polls, reads a partition in which something was readable for longer than the limit, and
 * gets nothing of it.
 */
final class StuckCheck implements Check {

    @Override
    public void look(Facts facts, Runs runs, Findings findings) {
        Duration operationLimit = facts.expectations().operationLimit();
        facts.operations().forEach(operation -> operation(operation, operationLimit == null ? Long.MAX_VALUE : operationLimit.toNanos(), findings));
        Duration progressLimit = facts.expectations().progressLimit();
        if (progressLimit != null) {
            CommitLog log = new CommitLog(facts);
            runs.all().forEach(run -> progress(run, facts, log, progressLimit, findings));
        }
    }

    private static void operation(Operation operation, long limitNanos, Findings findings) {
        long began = operation.invoked().nanos();
        if (operation.action() instanceof Transaction transaction) {
            if (transaction.end() == null) {
                return;
            }
            began = transaction.endNanos();
        }
        if (operation.completed() == null) {
            findings.add(AnomalyType.STUCK_CLIENT, null, Action.NO_OFFSET,
                    operation.process() + " never ended: " + OperationText.what(operation.action()), List.of(operation));
        } else if (operation.completed().nanos() - began > limitNanos) {
            findings.add(AnomalyType.STUCK_CLIENT, null, Action.NO_OFFSET,
                    operation.process() + " took " + (operation.completed().nanos() - began) / 1_000_000 + " ms: "
                            + OperationText.what(operation.action()),
                    List.of(operation));
        }
    }

    private static void progress(Run run, Facts facts, CommitLog log, Duration limit, Findings findings) {
        long next = next(run, facts, log);
        if (next < 0) {
            return;
        }
        Optional<Write> waiting = facts.writes().stream()
                .filter(write -> write.outcome() == Outcome.OK && write.hasOffset() && write.partition().equals(run.partition())
                        && write.offset() >= next
                        && run.lastPollNanos() - Math.max(write.readableNanos(), run.lastDeliveryNanos()) > limit.toNanos())
                .findFirst();
        waiting.ifPresent(write -> findings.add(AnomalyType.STUCK_CLIENT, run.partition(), write.offset(),
                run.process() + " polled " + run.partition() + " for " + (run.lastPollNanos() - run.lastDeliveryNanos()) / 1_000_000
                        + " ms from offset " + next + " and got nothing, although " + write + " was at " + write.offset(),
                stuck(run, write)));
    }

    /** The next offset that it waits for, or {@link Action#NO_OFFSET}. */
    private static long next(Run run, Facts facts, CommitLog log) {
        String group = run.process().group();
        if (run.next() >= 0 || run.opening() != Opening.ASSIGNED || group == null || !facts.expectations().areCommitsSeen()) {
            return run.next();
        }
        long committed = log.highest(group, run.partition());
        return committed < 0 && facts.expectations().startAtEarliest() ? 0 : committed;
    }

    private static List<Operation> stuck(Run run, Write write) {
        Operation opener = run.opener();
        return opener == null ? List.of(write.operation()) : List.of(write.operation(), opener);
    }
}
