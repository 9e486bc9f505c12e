package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each polling thread may still be working on: the records that its last poll handed out. Guarded by its {@link Assignment}.
 *
 * <p>A thread that has ended works on nothing, so nobody waits for it. But whether it has finished what it was given is not known (it may have died of it), and
 * nobody will say: that stays {@linkplain #first unfinished} until the partition is taken away, the position goes back to it, or the application commits
 * everything by itself.
 *
 * <p>An iterator finds a record before the application asks for it, and may never be asked. Until then the record is {@linkplain Work#unseen unseen}: nobody has
 * finished it when its thread polls again or ends, and the position goes back to it. What other threads were given behind it meanwhile comes again with it: there is no place
 * for a record but the run that begins at the position.
 *
 * <p>A partition may be taken away while a thread works on its records, and even come back before the thread has finished them; others may have read them and committed
 * by then. So it is {@linkplain #takenFromCaller noted} for the thread, which would take what it commits then for its own.
 */
final class InWork {

    /**
     * Where a thread began to be given records of a partition.
     *
     * @param end the offset behind the last one that it was given
     * @param epoch the epoch of the position then
     */
    private record Begin(long offset, long end, long epoch) {

        Begin upTo(long further) {
            return new Begin(offset, Math.max(end, further), epoch);
        }

        /** What is left when everything before an offset is finished; null if nothing is. */
        @Nullable Begin behind(long finished) {
            return finished >= end ? null : finished <= offset ? this : new Begin(finished, end, epoch);
        }

        Begin with(Begin other) {
            return offset <= other.offset ? upTo(other.end) : other.upTo(end);
        }
    }

    /** What one thread was given by one poll. */
    static final class Work {

        private final Map<PartitionState, Begin> begins = new LinkedHashMap<>(4);
        private final Map<PartitionState, Long> vouchedFor = new LinkedHashMap<>(4);

        /** What was taken away while the thread worked on it, and whether it was not finished then. */
        private final Map<TopicPartition, Boolean> taken = new LinkedHashMap<>(0);
        private boolean unseen;
        private boolean givenBack;

        private Work(boolean unseen) {
            this.unseen = unseen;
        }

        /** What is not known to be finished of what the thread was given of a partition. */
        private @Nullable Begin left(PartitionState state, Begin begin) {
            return begin.behind(vouchedFor.getOrDefault(state, 0L));
        }

        private void taken(PartitionState state) {
            Begin begin = begins.remove(state);
            if (begin != null) {
                taken.merge(state.partition, !unseen && left(state, begin) != null, Boolean::logicalOr);
            }
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(InWork.class);

    private final Map<Thread, Work> byThread = new LinkedHashMap<>();

    /** Where what threads that have ended were given begins, and is not known to be finished. */
    private final Map<PartitionState, Begin> abandoned = new LinkedHashMap<>();

    private boolean warned;

    /** The calling thread was given records. */
    void started(PartitionState state, long firstOffset, long endOffset) {
        byThread.computeIfAbsent(Thread.currentThread(), thread -> new Work(/* unseen= */ false))
                .begins.merge(state, new Begin(firstOffset, endOffset, state.epoch), (first, next) -> first.upTo(next.end));
    }

    /**
     * The calling thread has finished what it was given, but for what it has not seen; what threads that have ended did not see is given back, too.
     *
     * @return whether a position has gone back, so that there is something to fetch
     */
    boolean finished() {
        Work work = byThread.remove(Thread.currentThread());
        boolean hasGoneBack = work != null && giveBack(work);
        return dropEnded() || hasGoneBack;
    }

    /** What the calling thread, which has finished what it was given, is given next is not seen before {@link #seen} says so. */
    Work beginUnseen() {
        Work work = new Work(/* unseen= */ true);
        byThread.put(Thread.currentThread(), work);
        return work;
    }

    /** The application gets what was found for it; false if that was given back. */
    boolean seen(Work work) {
        work.unseen = false;
        return !work.givenBack;
    }

    /** Puts positions back to what nobody has seen, unless they were moved since. */
    private static boolean giveBack(Work work) {
        if (!work.unseen) {
            return false;
        }
        work.givenBack = true;
        boolean moved = false;
        for (Map.Entry<PartitionState, Begin> entry : work.begins.entrySet()) {
            PartitionState state = entry.getKey();
            if (state.epoch == entry.getValue().epoch) {
                state.moveTo(entry.getValue().offset, null);
                moved = true;
            }
        }
        return moved;
    }

    /** Nobody needs to finish these any more: what was handed out of them means nothing now. */
    void forget(Collection<PartitionState> states) {
        byThread.values().forEach(work -> work.begins.keySet().removeAll(states));
        states.forEach(abandoned::remove);
    }

    /** These are taken away, and nobody needs to finish them any more; who works on them may not know of it. */
    void taken(Collection<PartitionState> states) {
        byThread.values().forEach(work -> states.forEach(work::taken));
        states.forEach(abandoned::remove);
    }

    /** What was taken away while the calling thread worked on it, and whether it was not finished then; until the thread has finished what it was given. */
    Map<TopicPartition, Boolean> takenFromCaller() {
        Work work = byThread.get(Thread.currentThread());
        return work == null ? Map.of() : work.taken;
    }

    /** The application says that everything before an offset is finished: also what threads were given that have ended, or end without another poll. */
    void vouchedFor(PartitionState state, long offset) {
        dropEnded();
        abandoned.computeIfPresent(state, (same, begin) -> begin.behind(offset));
        byThread.values().stream()
                .filter(work -> work.begins.containsKey(state)) // what is handed out later is not meant: the position may go back before
                .forEach(work -> work.vouchedFor.merge(state, offset, Math::max));
    }

    /** Whether a thread may still be working on records of any of these. */
    boolean containsAny(Collection<PartitionState> states) {
        dropEnded();
        return byThread.values().stream().anyMatch(work -> states.stream().anyMatch(work.begins::containsKey));
    }

    /** The first offset that is not known to be finished, or the position if there is none. */
    long first(PartitionState state) {
        dropEnded();
        long first = firstAbandoned(state);
        for (Work work : byThread.values()) {
            Begin begin = work.begins.get(state);
            Begin left = begin == null ? null : work.left(state, begin);
            if (left != null) {
                first = Math.min(first, left.offset);
            }
        }
        return first;
    }

    private long firstAbandoned(PartitionState state) {
        Begin begin = abandoned.get(state);
        if (begin == null) {
            return state.position;
        }
        if (state.epoch != begin.epoch && state.movedTo <= begin.offset) {
            abandoned.remove(state); // it is handed out again
            return state.position;
        }
        if (!warned) {
            warned = true;
            LOG.warn("A thread has ended after a poll, without another poll or a commit: whether it has finished what it was given is not known, so nothing of {} is"
                    + " committed automatically from offset {} on. Poll again, commit or close in the thread that works on the records", state.partition, begin.offset);
        }
        return Math.min(state.position, begin.offset);
    }

    /** The first offset that was not seen, or the position if everything before it was. */
    long firstUnseen(PartitionState state) {
        dropEnded();
        long first = state.position;
        for (Work work : byThread.values()) {
            Begin begin = work.begins.get(state);
            if (work.unseen && begin != null && begin.epoch == state.epoch) {
                first = Math.min(first, begin.offset);
            }
        }
        return first;
    }

    private boolean dropEnded() {
        boolean moved = false;
        for (Iterator<Map.Entry<Thread, Work>> each = byThread.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Thread, Work> entry = each.next();
            if (!entry.getKey().isAlive()) {
                each.remove();
                moved |= giveBack(entry.getValue());
                abandon(entry.getValue());
            }
        }
        return moved;
    }

    private void abandon(Work work) {
        if (work.unseen) {
            return;
        }
        work.begins.forEach((state, begin) -> {
            Begin left = work.left(state, begin);
            if (left != null) {
                abandoned.merge(state, left, Begin::with);
            }
        });
    }
}
