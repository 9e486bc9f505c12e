package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.End;
import dev.kafkaboot.test.history.Action.Transaction;
import java.util.ArrayList;
import java.util.List;

/** What is known about one transaction. */
final class TransactionFacts {

    private final Operation operation;
    private final List<Write> writes = new ArrayList<>();
    private final List<Sighting> reads = new ArrayList<>();

    TransactionFacts(Operation operation) {
        this.operation = operation;
    }

    Operation operation() {
        return operation;
    }

    List<Write> writes() {
        return writes;
    }

    /** What its polls handed out. */
    List<Sighting> reads() {
        return reads;
    }

    /** The position at which it was asked to commit; {@link Long#MAX_VALUE} if it never was. */
    long commitPosition() {
        return operation.action() instanceof Transaction asked && asked.end() == End.COMMIT ? asked.endPosition() : Long.MAX_VALUE;
    }

    /**
     * Whether it was committed: one that was never asked to was not, and one of which nobody knows was if a value of it that did not fail was read, for
     * all of its values become visible or none.
     */
    Outcome outcome() {
        Outcome told = operation.outcome() == null ? Outcome.UNKNOWN : operation.outcome();
        if (told == Outcome.UNKNOWN && commitPosition() == Long.MAX_VALUE) {
            return Outcome.FAIL;
        }
        return told == Outcome.UNKNOWN && writes.stream().anyMatch(write -> !write.operation().isFailed() && write.isSeen()) ? Outcome.OK : told;
    }
}
