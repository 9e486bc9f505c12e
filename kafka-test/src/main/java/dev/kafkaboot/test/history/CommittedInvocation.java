package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Committed;
import java.util.Map;
import java.util.TreeMap;

/** A question for committed offsets that has begun. */
public final class CommittedInvocation extends Invocation {

    private final Committed question;

    CommittedInvocation(History history, int number, Committed question) {
        super(history, number);
        this.question = question;
    }

    /** It was answered. A partition that is not among the answers has no committed offset. */
    public void ok(Map<PartitionId, Long> answer) {
        Committed result = new Committed(question.group(), question.partitions(), new TreeMap<>(answer));
        complete(Outcome.OK, null, asked -> result);
    }
}
