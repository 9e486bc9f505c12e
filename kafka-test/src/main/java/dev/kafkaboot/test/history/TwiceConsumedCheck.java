package dev.kafkaboot.test.history;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Do two members of a group read one record only if a rebalance explains it?
 *
 * <p>It is explained if the second was given the partition, or one of the two gave it up, between the two reads; and by either of them having lost the
 * partition or died: a member that has not heard yet that it was dropped may hand out what it has.
 */
final class TwiceConsumedCheck implements Check {

    /** One member's read of one record. */
    private record Read(Run run, Sighting sighting) {}

    @Override
    public void look(Facts facts, Runs runs, Findings findings) {
        if (!facts.expectations().areRebalancesSeen()) {
            return;
        }
        Map<String, Map<PartitionId, Map<Long, Read>>> reads = new TreeMap<>();
        for (Run run : runs.all()) {
            String group = run.process().group();
            if (group != null && run.isOfMember()) {
                Map<Long, Read> places = reads.computeIfAbsent(group, absent -> new TreeMap<>())
                        .computeIfAbsent(run.partition(), absent -> new TreeMap<>());
                run.delivered().forEach((offset, sighting) -> look(new Read(run, sighting), places.put(offset, new Read(run, sighting)), findings));
            }
        }
    }

    private static void look(Read one, @Nullable Read other, Findings findings) {
        if (other == null || one.run().process().equals(other.run().process())) {
            return;
        }
        boolean isLater = one.sighting().poll().completedPosition() > other.sighting().poll().completedPosition();
        Read first = isLater ? other : one;
        Read second = isLater ? one : other;
        long from = Math.min(first.sighting().poll().invoked().position(), second.sighting().poll().invoked().position());
        long to = second.sighting().poll().completedPosition();
        boolean isGivenBetween = second.run().opener() != null && isBetween(second.run().opened().position(), from, to);
        if (!isGivenBetween && !isEndedBetween(first.run(), from, to) && !isEndedBetween(second.run(), from, to)) {
            findings.add(AnomalyType.CONSUMED_TWICE, second.run().partition(), second.sighting().offset(),
                    second.run().process() + " read " + second.sighting().record() + " after " + first.run().process() + " of the same group "
                            + first.run().process().group() + " had, and there was no rebalance between",
                    List.of(first.sighting().poll(), second.sighting().poll()));
        }
    }

    private static boolean isBetween(long position, long from, long to) {
        return position > from && position < to;
    }

    private static boolean isEndedBetween(Run run, long from, long to) {
        boolean isOvertaken = run.opener() != null && run.ending() == Run.Ending.BROKEN_OFF;
        return isBetween(run.endedPosition(), from, to) || isOvertaken || run.opening() == Run.Opening.UNCERTAIN;
    }
}
