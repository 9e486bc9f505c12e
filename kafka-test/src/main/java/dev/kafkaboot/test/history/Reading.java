package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Action.Assign;
import dev.kafkaboot.test.history.Action.Close;
import dev.kafkaboot.test.history.Action.Crash;
import dev.kafkaboot.test.history.Action.Poll;
import dev.kafkaboot.test.history.Action.Rebalance;
import dev.kafkaboot.test.history.Action.Seek;
import dev.kafkaboot.test.history.Action.Subscribe;
import dev.kafkaboot.test.history.Run.Ending;
import dev.kafkaboot.test.history.Run.Opening;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** One process that reads, as the walk through a history goes by: which runs it has open. */
final class Reading {

    static final Comparator<ProcessId> ORDER = Comparator.comparing(ProcessId::name).thenComparingInt(ProcessId::incarnation);

    private final ProcessId process;
    private final Disturbances disturbances;
    private final Expectations expectations;
    private final List<Run> runs;
    private final Map<PartitionId, Run> open = new TreeMap<>();
    private final Map<PartitionId, Run> closed = new TreeMap<>();
    private final Map<PartitionId, Long> highestOfClosed = new TreeMap<>();
    private final Map<PartitionId, Set<Long>> finished = new TreeMap<>();
    private boolean isSubscribed;
    private boolean isMember;
    private long lastCall = -1;

    Reading(ProcessId process, Disturbances disturbances, Expectations expectations, List<Run> runs) {
        this.process = process;
        this.disturbances = disturbances;
        this.expectations = expectations;
        this.runs = runs;
    }

    ProcessId process() {
        return process;
    }

    /** The application has called: what polls had given it before, it has dealt with. */
    void called(long position) {
        lastCall = position;
    }

    void finished(PartitionId partition, long offset) {
        finished.computeIfAbsent(partition, absent -> new HashSet<>()).add(offset);
    }

    /** The first offset that it may not have dealt with, or {@link Action#NO_OFFSET} if nothing is known of where it is. */
    long limit(PartitionId partition, boolean automatic) {
        Run run = open.get(partition);
        if (run == null) {
            return Action.NO_OFFSET;
        }
        long limit = automatic ? run.nextBefore(lastCall) : run.next();
        return expectations.commitOnlyFinished() ? Math.min(limit, firstUnfinished(run)) : limit;
    }

    private long firstUnfinished(Run run) {
        Set<Long> done = finished.getOrDefault(run.partition(), Set.of());
        return run.delivered().keySet().stream().filter(offset -> !done.contains(offset)).findFirst().orElse(Long.MAX_VALUE);
    }

    /** The offset after the highest that it was ever handed out or told to go to, or {@link Action#NO_OFFSET}. */
    long highest(PartitionId partition) {
        Run run = open.get(partition);
        long before = highestOfClosed.getOrDefault(partition, Action.NO_OFFSET);
        return run == null ? before : Math.max(before, run.next());
    }

    /** The same, without what it may still be working on. */
    long highestCommittable(PartitionId partition) {
        Run run = open.get(partition);
        long before = highestOfClosed.getOrDefault(partition, Action.NO_OFFSET);
        return run == null ? before : Math.max(before, run.nextBefore(lastCall));
    }

    void ended(Operation operation) {
        Action action = operation.action();
        if (action instanceof Poll poll && operation.isOk()) {
            polled(operation, poll);
        } else if (operation.isFailed()) {
            return;
        } else if (action instanceof Assign assign) {
            endUnless(operation, partition -> operation.isOk() && !isSubscribed && assign.partitions().contains(partition));
            isSubscribed = false;
            isMember = false;
            begin(operation, operation.isOk() ? assign.partitions() : List.of(), Opening.OTHER);
        } else if (action instanceof Subscribe subscribe) {
            endUnless(operation, partition -> operation.isOk() && isSubscribed && subscribe.topics().contains(partition.topic()));
            isSubscribed = !subscribe.topics().isEmpty();
            isMember = isSubscribed;
        } else if (action instanceof Seek seek) {
            end(operation, seek.partition(), Ending.ORDERLY);
            long start = operation.isOk() ? seek.offset() : Action.NO_OFFSET;
            open(new Run(process, seek.partition(), Opening.SOUGHT, operation, operation.invoked(), start, isMember));
        } else if (action instanceof Rebalance rebalance) {
            rebalanced(operation, rebalance);
        } else if (action instanceof Close || action instanceof Crash) {
            Ending how = action instanceof Crash ? Ending.BROKEN_OFF : Ending.ORDERLY;
            new TreeSet<>(open.keySet()).forEach(partition -> end(operation, partition, how));
        }
    }

    private void rebalanced(Operation operation, Rebalance rebalance) {
        isMember = true;
        switch (rebalance.change()) {
            case ASSIGNED -> {
                rebalance.partitions().forEach(partition -> end(operation, partition, Ending.ORDERLY));
                begin(operation, rebalance.partitions(), Opening.ASSIGNED);
            }
            case REVOKED -> rebalance.partitions().forEach(partition -> end(operation, partition, Ending.ORDERLY));
            case LOST -> rebalance.partitions().forEach(partition -> end(operation, partition, Ending.BROKEN_OFF));
        }
    }

    private void polled(Operation operation, Poll poll) {
        boolean isOnItsOwn = isSubscribed && !expectations.areRebalancesSeen();
        Map<PartitionId, Run> targets = new TreeMap<>();
        for (PolledRecord record : poll.records()) {
            targets.computeIfAbsent(record.partition(), partition -> isOnItsOwn || disturbances.blur(operation, partition)
                            ? newRun(operation, partition, Opening.UNCERTAIN) : run(operation, partition))
                    .deliver(new Sighting(operation, record));
        }
        targets.forEach((partition, run) -> {
            if (run != open.get(partition)) {
                highestOfClosed.merge(partition, run.next(), Math::max);
            }
            if (disturbances.blur(operation, partition)) {
                forget(operation, partition);
            }
        });
        if (operation.completed() != null) {
            long now = operation.completed().nanos();
            open.values().forEach(run -> run.polled(now));
        }
    }

    /** The run that a record continues: one that ended during the poll got it before it ended. */
    private Run run(Operation poll, PartitionId partition) {
        Run current = open.get(partition);
        if (current != null) {
            return current;
        }
        Run former = closed.get(partition);
        if (former != null && former.endedPosition() > poll.invoked().position()) {
            return former;
        }
        Run unexplained = newRun(poll, partition, Opening.OTHER);
        open.put(partition, unexplained);
        return unexplained;
    }

    private Run newRun(Operation poll, PartitionId partition, Opening opening) {
        Run run = new Run(process, partition, opening, null, poll.invoked(), Action.NO_OFFSET, isMember);
        runs.add(run);
        return run;
    }

    /** After a poll whose place is open, nothing is known of where the next begins. */
    private void forget(Operation poll, PartitionId partition) {
        Run run = open.get(partition);
        if (run != null) {
            end(poll, partition, Ending.ORDERLY);
            open(new Run(process, partition, Opening.OTHER, run.opener(), run.opened(), Action.NO_OFFSET, isMember));
        }
    }

    private void begin(Operation operation, Collection<PartitionId> partitions, Opening opening) {
        for (PartitionId partition : partitions) {
            if (!open.containsKey(partition)) {
                open(new Run(process, partition, opening, operation, operation.invoked(), Action.NO_OFFSET, isMember));
            }
        }
    }

    private void open(Run run) {
        open.put(run.partition(), run);
        runs.add(run);
    }

    private void endUnless(Operation operation, Predicate<PartitionId> stays) {
        for (PartitionId partition : new TreeSet<>(open.keySet())) {
            if (!stays.test(partition)) {
                end(operation, partition, Ending.ORDERLY);
            }
        }
    }

    private void end(Operation operation, PartitionId partition, Ending how) {
        Run run = open.remove(partition);
        if (run != null) {
            run.end(operation.completedPosition(), how);
            closed.put(partition, run);
            highestOfClosed.merge(partition, run.next(), Math::max);
        }
    }
}
