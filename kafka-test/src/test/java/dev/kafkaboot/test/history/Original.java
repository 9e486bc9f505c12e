package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Poll;
import java.util.List;
import java.util.SplittableRandom;

/** A correct history that is to be mutated, and what is in it. */
final class Original {

    final List<Operation> operations;
    final long seed;
    SplittableRandom random;
    final Facts facts;
    final Runs runs;

    Original(long seed) {
        this.seed = seed;
        operations = RandomHistory.of(seed).operations();
        random = new SplittableRandom(~seed);
        facts = new Facts(operations, RandomHistory.expectations());
        runs = new Runs(facts);
    }

    /** Goes back to where its randomness began, so that what is done to it does not depend on what was done before. */
    Original again() {
        random = new SplittableRandom(~seed);
        return this;
    }

    /** Values that were acknowledged with an offset, by themselves or in a transaction whose commit was, and read. */
    List<Write> certainWrites() {
        return facts.writes().stream()
                .filter(write -> write.hasOffset() && write.isSeen() && write.outcome() == Outcome.OK)
                .filter(write -> write.transaction() == null || write.transaction().operation().isOk())
                .toList();
    }

    /** Records of polls that went well, by the place in their run: each with its poll. */
    List<Sighting> sightings() {
        return runs.all().stream().filter(run -> run.opening() != Run.Opening.UNCERTAIN).flatMap(run -> run.delivered().values().stream()).toList();
    }

    /** Whether others than one poll have read a record. */
    boolean isReadByOthers(Sighting sighting) {
        Write write = facts.write(sighting.record());
        return write != null && write.sightings().stream().anyMatch(other -> other.poll() != sighting.poll());
    }

    /** The last poll of the final reads. */
    Operation lastPoll() {
        Operation last = null;
        for (Operation operation : operations) {
            if (operation.action() instanceof Poll && operation.process().name().equals("final reader")) {
                last = operation;
            }
        }
        if (last == null) {
            throw new IllegalStateException("There were no final reads");
        }
        return last;
    }

    /** An offset of a partition behind everything that is known. */
    long behind(PartitionId partition) {
        KnownLog log = facts.log(partition);
        long known = log.places().isEmpty() ? 0 : log.places().lastKey() + 1;
        return runs.commits().stream().filter(note -> note.partition().equals(partition)).mapToLong(Runs.CommitNote::offset).reduce(known, Math::max);
    }

    /** Transactions whose commit was acknowledged. */
    List<TransactionFacts> committedTransactions() {
        return facts.transactions().stream().filter(transaction -> transaction.operation().isOk()).toList();
    }

    /** Whether the process of a poll was given or lost partitions during it. */
    boolean isRebalancedDuring(Operation poll) {
        return operations.stream().anyMatch(operation -> operation.action() instanceof Action.Rebalance
                && operation.process().equals(poll.process()) && operation.invoked().position() > poll.invoked().position()
                && operation.invoked().position() < poll.completedPosition());
    }

    /** The polls of a transaction. */
    List<Operation> polls(TransactionFacts transaction) {
        return operations.stream()
                .filter(operation -> operation.transaction() == transaction.operation().number() && operation.action() instanceof Poll && operation.isOk())
                .toList();
    }
}
