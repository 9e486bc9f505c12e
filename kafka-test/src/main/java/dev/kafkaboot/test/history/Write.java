package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Send;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known about one value: who sent it, what became of that, and who saw it. */
final class Write {

    private final Operation operation;
    private final Send send;
    private final @Nullable TransactionFacts transaction;
    private final boolean isReadCommitted;
    private final List<Sighting> sightings = new ArrayList<>();
    private final List<Sighting> misroutedSightings = new ArrayList<>();

    Write(Operation operation, Send send, @Nullable TransactionFacts transaction, boolean isReadCommitted) {
        this.operation = operation;
        this.send = send;
        this.transaction = transaction;
        this.isReadCommitted = isReadCommitted;
    }

    Operation operation() {
        return operation;
    }

    HistoryValue value() {
        return send.value();
    }

    @Nullable TransactionFacts transaction() {
        return transaction;
    }

    /** Where the broker says that it is; the number may be unknown. */
    PartitionId partition() {
        return send.partition();
    }

    /** The acknowledged offset, or {@link Action#NO_OFFSET}. */
    long offset() {
        return send.offset();
    }

    boolean hasOffset() {
        return operation.isOk() && send.offset() >= 0 && send.partition().isKnown();
    }

    /** Whether readers may see it: that of the send and of its transaction, as far as the latter matters to them. Null as long as the send is open. */
    Outcome outcome() {
        Outcome own = operation.outcome() == null ? Outcome.UNKNOWN : operation.outcome();
        if (transaction == null || !isReadCommitted || own == Outcome.FAIL) {
            return own;
        }
        return switch (transaction.outcome()) {
            case OK -> own;
            case FAIL -> Outcome.FAIL;
            case UNKNOWN -> Outcome.UNKNOWN;
        };
    }

    /** Whether a record that shows it is where it should not be. */
    boolean isMisplaced(PolledRecord record) {
        return record.isMisrouted() || partition().isKnown() && !partition().equals(record.partition());
    }

    /** Where it was seen, in its own partition. */
    List<Sighting> sightings() {
        return sightings;
    }

    /** Where it was seen and does not belong. */
    List<Sighting> misroutedSightings() {
        return misroutedSightings;
    }

    boolean isSeen() {
        return !sightings.isEmpty() || !misroutedSightings.isEmpty();
    }

    /** When it was certain to be readable; only for one that is OK. */
    long readableNanos() {
        Operation last = transaction == null || !isReadCommitted ? operation : transaction.operation();
        return last.completed() == null ? Long.MAX_VALUE : last.completed().nanos();
    }

    /** The operations that wrote it. */
    List<Operation> operations() {
        return transaction == null ? List.of(operation) : List.of(transaction.operation(), operation);
    }

    @Override
    public String toString() {
        return "value " + send.value() + " of " + operation.process();
    }
}
