package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Assign;
import dev.kafkaboot.test.history.Action.Change;
import dev.kafkaboot.test.history.Action.Rebalance;
import dev.kafkaboot.test.history.Action.Seek;
import dev.kafkaboot.test.history.Action.Subscribe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Knows which polls overlap with something that sets a position, so that nobody can say whether their records are from before or after it.
 *
 * <p>A rebalance is exact where it can be: nothing of a new partition is handed out before it is recorded as assigned, and nothing of an old one after it
 * is recorded as revoked. Only if a partition goes and comes back during one poll is that poll's place open.
 */
final class Disturbances {

    private final Map<ProcessId, List<Operation>> byProcess = new HashMap<>();

    Disturbances(List<Operation> operations) {
        for (Operation operation : operations) {
            Action action = operation.action();
            if (action instanceof Assign || action instanceof Subscribe || action instanceof Seek || action instanceof Rebalance) {
                byProcess.computeIfAbsent(operation.process(), absent -> new ArrayList<>()).add(operation);
            }
        }
    }

    boolean blur(Operation poll, PartitionId partition) {
        boolean hasLeft = false;
        for (Operation other : byProcess.getOrDefault(poll.process(), List.of())) {
            if (other.invoked().position() > poll.completedPosition()) {
                return false;
            }
            if (other.completedPosition() < poll.invoked().position() || other.isFailed()) {
                continue;
            }
            if (other.action() instanceof Seek seek && seek.partition().equals(partition)
                    || other.action() instanceof Assign || other.action() instanceof Subscribe) {
                return true;
            }
            if (other.action() instanceof Rebalance rebalance && rebalance.partitions().contains(partition)) {
                if (hasLeft && rebalance.change() == Change.ASSIGNED) {
                    return true;
                }
                hasLeft |= rebalance.change() != Change.ASSIGNED;
            }
        }
        return false;
    }
}
