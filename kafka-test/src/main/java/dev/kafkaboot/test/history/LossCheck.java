package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Was everything read that was acknowledged?
 *
 * <p>A value that nobody read is lost if some reader went from before its offset to behind it in one run, or if the final reads went behind it. If they
 * are done and did not come that far, it is unseen: lost, or very late. As long as they are not done, nothing is known of what no reader has passed.
 *
 * <p>A value whose place shows another one, or a damaged one, is not lost but that.
 */
final class LossCheck implements Check {

    @Override
    public void look(Facts facts, Runs runs, Findings findings) {
        for (Write write : facts.writes()) {
            if (write.outcome() == Outcome.OK && !write.isSeen() && !isExplained(write, facts)) {
                look(write, facts, runs, findings);
            }
        }
    }

    private static boolean isExplained(Write write, Facts facts) {
        if (!write.hasOffset()) {
            return !facts.damaged().isEmpty();
        }
        KnownLog.Place place = facts.log(write.partition()).places().get(write.offset());
        return place != null && (!place.isConsistent() || !place.damaged().isEmpty());
    }

    private static void look(Write write, Facts facts, Runs runs, Findings findings) {
        PartitionId partition = write.partition();
        long offset = write.offset();
        boolean areFinalReadsDone = facts.expectations().areFinalReadsDone();
        Optional<Run> passing = !write.hasOffset() ? Optional.empty()
                : runs.all().stream().filter(run -> run.partition().equals(partition) && run.passed(offset)).findFirst();
        if (passing.isPresent()) {
            List<Operation> operations = new ArrayList<>(write.operations());
            passing.get().gaps().stream().filter(step -> step.expected() <= offset && step.to().offset() > offset).findFirst()
                    .ifPresent(step -> operations.addAll(step.operations()));
            findings.add(AnomalyType.LOST_WRITE, partition, offset,
                    write + " was acknowledged at " + partition + "@" + offset + ", and " + passing.get().process() + " went past without reading it",
                    operations);
        } else if (areFinalReadsDone && write.hasOffset() && isBelowWhatWasRead(write, facts)) {
            findings.add(AnomalyType.LOST_WRITE, partition, offset,
                    write + " was acknowledged at " + partition + "@" + offset + ", and the final reads went past without reading it",
                    write.operations());
        } else if (areFinalReadsDone) {
            findings.add(AnomalyType.UNSEEN, partition.isKnown() ? partition : null, offset,
                    write + " was acknowledged" + (write.hasOffset() ? " at " + partition + "@" + offset : "") + ", and nobody has read it",
                    write.operations());
        }
    }

    private static boolean isBelowWhatWasRead(Write write, Facts facts) {
        KnownLog log = facts.log(write.partition());
        return !log.visible().isEmpty() && log.visible().last() > write.offset();
    }
}
