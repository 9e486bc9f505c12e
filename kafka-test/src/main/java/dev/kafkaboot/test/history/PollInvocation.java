package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Poll;
import java.util.List;

/** A poll that has begun. */
public final class PollInvocation extends Invocation {

    PollInvocation(History history, int number) {
        super(history, number);
    }

    /** It returned these records, in this order; maybe none. */
    public void ok(List<PolledRecord> records) {
        Poll result = new Poll(records);
        complete(Outcome.OK, null, asked -> result);
    }
}
