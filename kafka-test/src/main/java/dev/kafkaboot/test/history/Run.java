package dev.kafkaboot.test.history;

import dev.kafkaboot.test.history.Operation.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one process read of one partition without its position being set: from a rebalance, a seek or an assignment to the next. Within a run, offsets go
 * up and leave nothing out.
 */
final class Run {

    /** How a run began. */
    enum Opening {
        /** The group gave the partition. */
        ASSIGNED,
        /** The position was set. */
        SOUGHT,
        /** The partition was assigned by hand, or the history does not tell how the process came by it. */
        OTHER,
        /** It is one poll, during which the position may have changed. */
        UNCERTAIN
    }

    /** How a run ended. */
    enum Ending {
        /** In good order, or it was moved. */
        ORDERLY,
        /** The group took it away, or the process died. */
        BROKEN_OFF
    }

    /**
     * A step from one record to the next, or from where the run began.
     *
     * @param from the record before, or null if there is none
     * @param to the record after
     * @param expected the first offset that might have come
     */
    record Step(@Nullable Sighting from, Sighting to, long expected) {

        /** Whether it is within one poll. */
        boolean isInside() {
            return from != null && from.poll().number() == to.poll().number();
        }

        List<Operation> operations() {
            return from == null ? List.of(to.poll()) : List.of(from.poll(), to.poll());
        }
    }

    private final ProcessId process;
    private final PartitionId partition;
    private final Opening opening;
    private final @Nullable Operation opener;
    private final Moment opened;
    private final long start;
    private final boolean isOfMember;
    private final Map<Long, Sighting> delivered = new TreeMap<>();
    private final TreeMap<Long, Long> nextByPosition = new TreeMap<>();
    private final List<Step> gaps = new ArrayList<>();
    private final List<Step> returns = new ArrayList<>();
    private @Nullable Sighting last;
    private long next;
    private long lastPollNanos;
    private long lastDeliveryNanos;
    private long endedPosition = Long.MAX_VALUE;
    private Ending ending = Ending.ORDERLY;

    /**
     * A run that begins.
     *
     * @param opener what began it, or null if the history does not tell
     * @param opened when
     * @param start the first offset that may come, or {@link Action#NO_OFFSET} if that is not known
     * @param isOfMember whether the process has its partitions from its group
     */
    Run(ProcessId process, PartitionId partition, Opening opening, @Nullable Operation opener, Moment opened, long start, boolean isOfMember) {
        this.process = process;
        this.partition = partition;
        this.opening = opening;
        this.opener = opener;
        this.opened = opened;
        this.start = start;
        this.isOfMember = isOfMember;
        this.next = start;
        this.lastPollNanos = opened.nanos();
        this.lastDeliveryNanos = opened.nanos();
    }

    void deliver(Sighting sighting) {
        Step step = new Step(last, sighting, next);
        if (next >= 0 && sighting.offset() < next) {
            returns.add(step);
        } else {
            if (next >= 0 && sighting.offset() > next) {
                gaps.add(step);
            }
            next = sighting.offset() + 1;
            last = sighting;
        }
        delivered.putIfAbsent(sighting.offset(), sighting);
        Moment completed = sighting.poll().completed();
        if (completed != null) {
            lastDeliveryNanos = completed.nanos();
            nextByPosition.put(completed.position(), next);
        }
    }

    void polled(long nanos) {
        lastPollNanos = nanos;
    }

    void end(long position, Ending how) {
        endedPosition = position;
        ending = how;
    }

    ProcessId process() {
        return process;
    }

    PartitionId partition() {
        return partition;
    }

    Opening opening() {
        return opening;
    }

    /** Whether the process has its partitions from its group. */
    boolean isOfMember() {
        return isOfMember;
    }

    @Nullable Operation opener() {
        return opener;
    }

    Moment opened() {
        return opened;
    }

    /** The first offset that might come, or {@link Action#NO_OFFSET}. */
    long start() {
        return start;
    }

    /** The first record of each offset that was handed out. */
    Map<Long, Sighting> delivered() {
        return delivered;
    }

    @Nullable Sighting first() {
        return delivered.isEmpty() ? null : delivered.values().iterator().next();
    }

    /** The offset after the highest that was handed out, or the start. */
    long next() {
        return next;
    }

    /** The offset after the highest that polls had handed out which ended before a position of the history; if there were none, where they began. */
    long nextBefore(long position) {
        Map.Entry<Long, Long> entry = nextByPosition.lowerEntry(position);
        if (entry != null) {
            return entry.getValue();
        }
        Sighting first = first();
        return start >= 0 || first == null ? start : first.offset();
    }

    /** Steps that left offsets out, which may be holes of the log. */
    List<Step> gaps() {
        return gaps;
    }

    /** Steps back. */
    List<Step> returns() {
        return returns;
    }

    /** Whether it went from before an offset to behind it. */
    boolean passed(long offset) {
        Sighting first = first();
        long from = start >= 0 || first == null ? start : first.offset();
        return from >= 0 && from <= offset && offset < next;
    }

    long lastPollNanos() {
        return lastPollNanos;
    }

    long lastDeliveryNanos() {
        return lastDeliveryNanos;
    }

    long endedPosition() {
        return endedPosition;
    }

    Ending ending() {
        return ending;
    }
}
