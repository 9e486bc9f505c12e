package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Runs.CommitNote;
import java.util.List;
import java.util.NavigableSet;

/**
 * Was nothing committed that had not been dealt with?
 *
 * <p>A commit says that every record before its offset has been dealt with. By the application's own commit that is what polls had handed out that had
 * ended; by an automatic one, what they had handed out before the application's last call; where only finished records count, those up to the first
 * that is not. A commit may go further by holes, but not past a visible value. How a commit ends does not matter: it should not have been tried.
 */
final class CommitCheck implements Check {

    @Override
    public void look(Facts facts, Runs runs, Findings findings) {
        for (CommitNote note : runs.commits()) {
            if (note.limit() < 0) {
                continue;
            }
            NavigableSet<Long> missed = facts.log(note.partition()).visible(note.limit(), note.offset());
            if (!missed.isEmpty()) {
                findings.add(AnomalyType.COMMIT_PAST_PROCESSED, note.partition(), missed.first(),
                        note.operation().process() + (note.operation().action() instanceof Action.Committed ? " was told that " : " committed ")
                                + note.partition() + "@" + note.offset() + (note.operation().action() instanceof Action.Committed
                                ? " is committed for " + note.group() : "")
                                + ", although it had only dealt with what lies below offset " + note.limit() + ": offset " + missed.first()
                                + " was not done",
                        List.of(note.operation()));
            }
        }
    }
}
