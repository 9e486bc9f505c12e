package dev.kafkaboot.test.history;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A history written by hand, in few words: everything is in topic t, and every step takes a millisecond. */
final class Story {

    static final String TOPIC = "t";
    static final PartitionId P0 = new PartitionId(TOPIC, 0);
    static final PartitionId P1 = new PartitionId(TOPIC, 1);

    private final Clock clock = new Clock();
    final History history = new History(clock::tick);
    final ClientProcess producer = history.process("producer");
    final ClientProcess consumer = history.process("consumer");

    /** Goes on by itself. */
    private static final class Clock {
        private long nanos;

        long tick() {
            return nanos += 1_000_000;
        }
    }

    /** Time goes by. */
    void wait(Duration time) {
        clock.nanos += time.toNanos();
    }

    /** A record is sent to partition 0 and acknowledged. */
    HistoryValue sent(long offset) {
        return sent(producer, 0, offset);
    }

    HistoryValue sent(ClientProcess process, int partition, long offset) {
        SendInvocation send = process.send(TOPIC, partition);
        send.ok(offset);
        return send.value();
    }

    HistoryValue sent(TransactionInvocation transaction, int partition, long offset) {
        SendInvocation send = transaction.send(TOPIC, partition);
        send.ok(offset);
        return send.value();
    }

    void commit(TransactionInvocation transaction) {
        transaction.committing();
        transaction.committed();
    }

    void abort(TransactionInvocation transaction) {
        transaction.aborting();
        transaction.aborted();
    }

    /** A record as it is read from partition 0. */
    static PolledRecord at(long offset, HistoryValue value) {
        return at(0, offset, value);
    }

    static PolledRecord at(int partition, long offset, HistoryValue value) {
        return PolledRecord.of(TOPIC, partition, offset, value);
    }

    static void polled(ClientProcess process, PolledRecord... records) {
        process.poll().ok(Arrays.asList(records));
    }

    static void polled(TransactionInvocation transaction, ClientProcess process, PolledRecord... records) {
        transaction.poll(process).ok(Arrays.asList(records));
    }

    void assigned(ClientProcess process, int... partitions) {
        process.assign(Arrays.stream(partitions).mapToObj(partition -> new PartitionId(TOPIC, partition)).toList()).ok();
    }

    static void committed(ClientProcess process, long offset) {
        process.commit(TOPIC, 0, offset).ok();
    }

    static void told(ClientProcess process, long offset) {
        process.committedOffsets(List.of(P0)).ok(offset < 0 ? Map.of() : Map.of(P0, offset));
    }

    Report check() {
        return check(Expectations.exactlyOnce().startsAtEarliest());
    }

    Report check(Expectations expectations) {
        return HistoryChecker.check(history, expectations);
    }
}
