package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Assign;
import dev.kafkaboot.test.history.Action.Commit;
import dev.kafkaboot.test.history.Action.Committed;
import dev.kafkaboot.test.history.Action.Finished;
import dev.kafkaboot.test.history.Action.Poll;
import dev.kafkaboot.test.history.Action.Rebalance;
import dev.kafkaboot.test.history.Action.Seek;
import dev.kafkaboot.test.history.Action.Send;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Tells which partitions an operation has to do with. */
final class Touched {

    private Touched() {}

    static Set<PartitionId> by(Operation operation) {
        Action action = operation.action();
        if (action instanceof Send send) {
            return Set.of(send.partition());
        } else if (action instanceof Poll poll) {
            return poll.records().stream().map(PolledRecord::partition).collect(Collectors.toCollection(TreeSet::new));
        } else if (action instanceof Commit commit) {
            return commit.offsets().keySet();
        } else if (action instanceof Committed asked) {
            return new TreeSet<>(asked.partitions());
        } else if (action instanceof Assign assign) {
            return new TreeSet<>(assign.partitions());
        } else if (action instanceof Seek seek) {
            return Set.of(seek.partition());
        } else if (action instanceof Rebalance rebalance) {
            return new TreeSet<>(rebalance.partitions());
        } else if (action instanceof Finished finished) {
            return Set.of(finished.partition());
        }
        return Set.of();
    }
}
