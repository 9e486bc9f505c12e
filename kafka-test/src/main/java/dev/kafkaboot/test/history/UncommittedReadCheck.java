package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Was only read what was committed, after it was?
 *
 * <p>A value is aborted if its send failed, or its transaction: that was aborted, or never asked to commit. It is read too early if the poll had ended
 * before the transaction was asked to commit; that it was read by its own transaction is a case of this. Both hold at any isolation for a failed send, and at
 * read_committed for a transaction. Transactions that read one another's writes in a circle (Adya's G1c, with write-read edges only: Kafka isolates no
 * writes) are told as that.
 */
final class UncommittedReadCheck implements Check {

    @Override
    public void look(Facts facts, Runs runs, Findings findings) {
        Set<Write> inCycles = WriteReadCycles.find(facts, findings);
        for (Write write : facts.writes()) {
            if (!write.isSeen()) {
                continue;
            }
            if (write.outcome() == Outcome.FAIL) {
                aborted(write, findings);
            } else if (facts.expectations().isReadCommitted() && !inCycles.contains(write)) {
                early(write, findings);
            }
        }
    }

    private static Stream<Sighting> sightings(Write write) {
        return Stream.concat(write.sightings().stream(), write.misroutedSightings().stream());
    }

    private static void aborted(Write write, Findings findings) {
        Sighting first = sightings(write).findFirst().orElseThrow();
        String why = write.operation().isFailed() ? ", whose send failed," : ", whose transaction was not committed,";
        findings.add(AnomalyType.ABORTED_READ, first.partition(), first.offset(),
                write + why + " was read from " + first.partition() + "@" + first.offset() + " by " + first.poll().process(), with(write, first));
    }

    private static void early(Write write, Findings findings) {
        TransactionFacts transaction = write.transaction();
        if (transaction == null) {
            return;
        }
        long asked = transaction.commitPosition();
        sightings(write).filter(sighting -> sighting.poll().completedPosition() < asked).findFirst().ifPresent(first ->
                findings.add(AnomalyType.PRECOMMITTED_READ, first.partition(), first.offset(),
                        write + " was read from " + first.partition() + "@" + first.offset() + " by " + first.poll().process()
                                + " before its transaction was asked to commit" + (first.poll().transaction() == transaction.operation().number()
                                ? ", by this transaction itself" : ""),
                        with(write, first)));
    }

    private static List<Operation> with(Write write, Sighting sighting) {
        List<Operation> operations = new ArrayList<>(write.operations());
        operations.add(sighting.poll());
        return operations;
    }
}
