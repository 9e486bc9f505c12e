package dev.kafkaboot.test.history;

import static dev.kafkaboot.test.history.Edits.any;

import dev.kafkaboot.test.history.Action.Send;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Mutations of what becomes of values, for all who read. Each returns null if the history gives no occasion for it. */
final class ValueMutations {

    private ValueMutations() {}

    static @Nullable List<Operation> loseAValue(Original original) {
        return gone(original, /* isLast= */ false);
    }

    static @Nullable List<Operation> loseTheLastValue(Original original) {
        return gone(original, /* isLast= */ true);
    }

    private static @Nullable List<Operation> gone(Original original, boolean isLast) {
        Write write = any(original.certainWrites().stream()
                .filter(each -> isLast == (original.facts.log(each.partition()).visible().last() == each.offset())).toList(), original.random);
        return write == null ? null
                : Edits.eachRecord(original.operations, record -> write.value().equals(record.value()) ? null : record);
    }

    static @Nullable List<Operation> duplicate(Original original) {
        Write write = any(original.certainWrites(), original.random);
        if (write == null) {
            return null;
        }
        PolledRecord again = new PolledRecord(write.partition(), original.behind(write.partition()), write.value());
        return Edits.with(original.operations, Edits.withMore(original.lastPoll(), again));
    }

    static @Nullable List<Operation> moveToAnotherPartition(Original original) {
        Write write = any(original.certainWrites().stream().filter(each -> each.value().partition() >= 0).toList(), original.random);
        if (write == null) {
            return null;
        }
        PartitionId wrong = new PartitionId(write.partition().topic(), (write.partition().partition() + 1) % 3);
        PolledRecord moved = new PolledRecord(wrong, original.behind(wrong), write.value());
        List<Operation> without =
                Edits.eachRecord(original.operations, record -> write.value().equals(record.value()) ? null : record);
        return Edits.with(without, Edits.withMore(without.get(original.lastPoll().number()), moved));
    }

    static @Nullable List<Operation> flipABitForAll(Original original) {
        Write write = any(original.certainWrites(), original.random);
        return write == null ? null : Edits.eachRecord(original.operations, record -> write.value().equals(record.value())
                ? flipped(record, original) : record);
    }

    static @Nullable List<Operation> flipABitForOne(Original original) {
        Sighting sighting = any(original.sightings(), original.random);
        return sighting == null ? null
                : Edits.with(original.operations, Edits.replaced(sighting.poll(), sighting.record(), flipped(sighting.record(), original)));
    }

    private static PolledRecord flipped(PolledRecord record, Original original) {
        HistoryValue value = record.value();
        byte[] payload = value == null ? new byte[1] : value.encode();
        payload[original.random.nextInt(payload.length)] ^= (byte) (1 << original.random.nextInt(8));
        return PolledRecord.of(record.partition().topic(), record.partition().partition(), record.offset(), payload);
    }

    /** Two values of one sender change places, for all who read and in the answers to the sends. */
    static @Nullable List<Operation> reorderSends(Original original) {
        List<Write> writes = original.certainWrites();
        List<Write[]> pairs = new ArrayList<>();
        for (Write one : writes) {
            for (Write two : writes) {
                if (one.offset() < two.offset() && one.partition().equals(two.partition()) && one.transaction() == two.transaction()
                        && one.operation().process().equals(two.operation().process())) {
                    pairs.add(new Write[] {one, two});
                }
            }
        }
        Write[] pair = any(pairs, original.random);
        if (pair == null) {
            return null;
        }
        List<Operation> read = Edits.eachRecord(original.operations, record -> swapped(record, pair));
        return Edits.with(read, acknowledged(pair[0], pair[1].offset()), acknowledged(pair[1], pair[0].offset()));
    }

    private static PolledRecord swapped(PolledRecord record, Write[] pair) {
        HistoryValue value = record.value();
        if (pair[0].value().equals(value)) {
            return new PolledRecord(record.partition(), record.offset(), pair[1].value());
        }
        return pair[1].value().equals(value) ? new PolledRecord(record.partition(), record.offset(), pair[0].value()) : record;
    }

    private static Operation acknowledged(Write write, long offset) {
        return Edits.with(write.operation(), new Send(write.value(), write.partition(), offset));
    }

    /** A value of a transaction that was not committed is read, where it is. */
    static @Nullable List<Operation> resurrectAnAbortedValue(Original original) {
        Write write = any(original.facts.writes().stream().filter(each -> each.hasOffset() && each.outcome() == Outcome.FAIL).toList(), original.random);
        return write == null ? null : readByFinalReader(original, new PolledRecord(write.partition(), write.offset(), write.value()));
    }

    /** A value whose send failed is read, behind everything. */
    static @Nullable List<Operation> resurrectAFailedSend(Original original) {
        Write write = any(original.facts.writes().stream()
                .filter(each -> each.operation().isFailed() && each.partition().isKnown()).toList(), original.random);
        return write == null ? null
                : readByFinalReader(original, new PolledRecord(write.partition(), original.behind(write.partition()), write.value()));
    }

    /** Puts a record where its offset belongs. */
    private static List<Operation> readByFinalReader(Original original, PolledRecord record) {
        for (Operation poll : original.operations) {
            if (poll.process().equals(original.lastPoll().process())) {
                for (PolledRecord later : Edits.records(poll, record.partition())) {
                    if (later.offset() > record.offset()) {
                        return Edits.with(original.operations, Edits.replaced(poll, later, record, later));
                    }
                }
            }
        }
        return Edits.with(original.operations, Edits.withMore(original.lastPoll(), record));
    }

    /** A transaction reads what it has itself written. */
    static @Nullable List<Operation> readOwnWrite(Original original) {
        List<List<Operation>> results = new ArrayList<>();
        for (TransactionFacts transaction : original.committedTransactions()) {
            for (Operation poll : original.polls(transaction)) {
                transaction.writes().stream().filter(write -> write.hasOffset() && isForeign(write, poll))
                        .forEach(write -> results.add(Edits.with(original.operations, Edits.withMore(poll, record(write)))));
            }
        }
        return any(results, original.random);
    }

    /** Two transactions read each other's writes. */
    static @Nullable List<Operation> makeACycle(Original original) {
        List<List<Operation>> results = new ArrayList<>();
        List<TransactionFacts> transactions = original.committedTransactions();
        for (TransactionFacts one : transactions) {
            for (TransactionFacts two : transactions) {
                if (one.operation().number() < two.operation().number()
                        && !one.operation().process().equals(two.operation().process())) {
                    Operation readByOne = reads(original, one, two);
                    Operation readByTwo = reads(original, two, one);
                    if (readByOne != null && readByTwo != null) {
                        results.add(Edits.with(original.operations, readByOne, readByTwo));
                    }
                }
            }
        }
        return any(results, original.random);
    }

    private static @Nullable Operation reads(Original original, TransactionFacts reader, TransactionFacts writer) {
        for (Operation poll : original.polls(reader)) {
            for (Write write : writer.writes()) {
                if (write.hasOffset() && isForeign(write, poll)) {
                    return Edits.withMore(poll, record(write));
                }
            }
        }
        return null;
    }

    private static PolledRecord record(Write write) {
        return new PolledRecord(write.partition(), write.offset(), write.value());
    }

    /** Whether a value is in a partition that the consumer of a poll does not read otherwise. */
    private static boolean isForeign(Write write, Operation poll) {
        int input = Arrays.asList("transactions-a-consumer", "transactions-b-consumer").indexOf(poll.process().name());
        return write.partition().partition() != input;
    }
}
