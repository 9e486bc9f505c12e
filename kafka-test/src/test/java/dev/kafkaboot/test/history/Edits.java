package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Changes histories, for mutations; each method leaves its argument alone and returns a changed copy. */
final class Edits {

    private Edits() {}

    /** One of several, or null if there are none. */
    static <T> @Nullable T any(List<T> choices, SplittableRandom random) {
        return choices.isEmpty() ? null : choices.get(random.nextInt(choices.size()));
    }

    static List<Operation> with(List<Operation> operations, Operation... changed) {
        List<Operation> copy = new ArrayList<>(operations);
        for (Operation each : changed) {
            copy.set(each.number(), each);
        }
        return copy;
    }

    static Operation with(Operation operation, Action action) {
        return new Operation(operation.number(), operation.process(), action, operation.transaction(), operation.invoked(), operation.completed(),
                operation.outcome(), operation.error());
    }

    static Operation open(Operation operation) {
        return new Operation(
                operation.number(), operation.process(), operation.action(), operation.transaction(), operation.invoked(), null, null, null);
    }

    static List<PolledRecord> records(Operation poll) {
        return poll.action() instanceof Poll read ? read.records() : List.of();
    }

    static List<PolledRecord> records(Operation poll, PartitionId partition) {
        return records(poll).stream().filter(record -> record.partition().equals(partition)).toList();
    }

    static Operation withRecords(Operation poll, List<PolledRecord> records) {
        return with(poll, new Poll(records));
    }

    static Operation without(Operation poll, PolledRecord record) {
        return withRecords(poll, records(poll).stream().filter(each -> each != record).toList());
    }

    static Operation withMore(Operation poll, PolledRecord record) {
        return withRecords(poll, Stream.concat(records(poll).stream(), Stream.of(record)).toList());
    }

    static Operation replaced(Operation poll, PolledRecord record, PolledRecord... by) {
        return withRecords(poll, records(poll).stream().flatMap(each -> each == record ? Stream.of(by) : Stream.of(each)).toList());
    }

    /** Changes each record of each poll; one that becomes null is gone. */
    static List<Operation> eachRecord(List<Operation> operations, Function<PolledRecord, @Nullable PolledRecord> change) {
        return operations.stream().map(operation -> operation.action() instanceof Poll poll
                ? withRecords(operation, poll.records().stream().flatMap(record -> Stream.ofNullable(change.apply(record))).toList())
                : operation).toList();
    }
}
