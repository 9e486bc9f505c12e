package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Poll;
import dev.kafkaboot.test.history.Action.Send;
import dev.kafkaboot.test.history.Action.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A history as the checks look at it: by value, by partition and by transaction. */
final class Facts {

    private final List<Operation> operations;
    private final Expectations expectations;
    private final SortedMap<Integer, TransactionFacts> transactions = new TreeMap<>();
    private final SortedMap<Long, Write> writes = new TreeMap<>();
    private final SortedMap<PartitionId, KnownLog> logs = new TreeMap<>();
    private final List<Sighting> damaged = new ArrayList<>();

    Facts(List<Operation> operations, Expectations expectations) {
        this.operations = operations;
        this.expectations = expectations;
        operations.forEach(this::written);
        operations.forEach(this::read);
    }

    List<Operation> operations() {
        return operations;
    }

    Expectations expectations() {
        return expectations;
    }

    /** By value. */
    Collection<Write> writes() {
        return Collections.unmodifiableCollection(writes.values());
    }

    /** By partition. */
    Collection<KnownLog> logs() {
        return Collections.unmodifiableCollection(logs.values());
    }

    KnownLog log(PartitionId partition) {
        return logs.computeIfAbsent(partition, KnownLog::new);
    }

    /** By beginning. */
    Collection<TransactionFacts> transactions() {
        return Collections.unmodifiableCollection(transactions.values());
    }

    @Nullable TransactionFacts transaction(Operation member) {
        return transactions.get(member.transaction());
    }

    /** Records that carry what nobody sent. */
    List<Sighting> damaged() {
        return damaged;
    }

    /** What was sent with the value of a record; null if nobody sent just that. */
    @Nullable Write write(PolledRecord record) {
        HistoryValue value = record.value();
        Write write = value == null ? null : writes.get(value.counter());
        return write != null && write.value().equals(value) ? write : null;
    }

    private void written(Operation operation) {
        if (operation.action() instanceof Transaction) {
            transactions.put(operation.number(), new TransactionFacts(operation));
        } else if (operation.action() instanceof Send send) {
            TransactionFacts transaction = transaction(operation);
            Write write = new Write(operation, send, transaction, expectations.isReadCommitted());
            writes.put(send.value().counter(), write);
            if (transaction != null) {
                transaction.writes().add(write);
            }
            if (write.hasOffset()) {
                log(write.partition()).acknowledged(write.offset(), write);
            }
        }
    }

    private void read(Operation operation) {
        if (!(operation.action() instanceof Poll poll)) {
            return;
        }
        TransactionFacts transaction = transaction(operation);
        for (PolledRecord record : poll.records()) {
            Sighting sighting = new Sighting(operation, record);
            Write write = write(record);
            if (write == null) {
                damaged.add(sighting);
                log(record.partition()).damaged(sighting);
            } else if (write.isMisplaced(record)) {
                write.misroutedSightings().add(sighting);
            } else {
                write.sightings().add(sighting);
                log(record.partition()).read(record.offset(), write);
            }
            if (transaction != null) {
                transaction.reads().add(sighting);
            }
        }
    }
}
