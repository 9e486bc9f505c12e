package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.Uuid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is assigned, where loop and polling threads meet; every method is synchronized and short.
 *
 * <p>It also keeps what each polling thread is working on: the records that its last poll handed out. A position can be committed up to the first
 * record that any thread may still be working on, and no further.
 */
final class Assignment {

    private final Map<TopicPartition, PartitionState> partitions = new LinkedHashMap<>();
    private final InWork inWork = new InWork();

    /** Partitions that were taken away before what was marked of them was committed, until somebody is told. */
    private final Set<TopicPartition> lostMarks = new TreeSet<>();

    /** Where the next poll begins to look, so that every partition has its turn. */
    private int turn;

    private long epochs;

    private final Runnable onRecords;
    private final boolean marking;
    private final int maxUnmarked;

    /** Nothing is assigned, and records are not marked. */
    Assignment(Runnable onRecords) {
        this(onRecords, /* marking= */ false, Integer.MAX_VALUE);
    }

    /**
     * Nothing is assigned.
     *
     * @param onRecords called, without a lock, when there are records left that a thread may take
     * @param marking whether the application marks what it has finished
     * @param maxUnmarked how many records of a partition may be handed out without being marked
     */
    Assignment(Runnable onRecords, boolean marking, int maxUnmarked) {
        this.onRecords = onRecords;
        this.marking = marking;
        this.maxUnmarked = maxUnmarked;
    }

    synchronized Set<TopicPartition> partitions() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(partitions.keySet()));
    }

    synchronized boolean isEmpty() {
        return partitions.isEmpty();
    }

    synchronized @Nullable PartitionState find(TopicPartition partition) {
        return partitions.get(partition);
    }

    /** The state of a partition; an error that names it if it is not assigned. */
    synchronized PartitionState get(TopicPartition partition) {
        PartitionState state = partitions.get(partition);
        if (state == null) {
            throw new IllegalStateException("Partition " + partition + " is not assigned to this consumer; it has "
                    + (partitions.isEmpty() ? "none" : partitions.keySet().toString()));
        }
        return state;
    }

    synchronized List<PartitionState> states() {
        return new ArrayList<>(partitions.values());
    }

    /** Adds partitions that are not assigned yet, and answers them. */
    synchronized List<PartitionState> add(Collection<TopicPartition> added, boolean announced) {
        List<PartitionState> states = new ArrayList<>();
        for (TopicPartition partition : added) {
            if (!partitions.containsKey(partition)) {
                PartitionState state = new PartitionState(partition, maxUnmarked, () -> ++epochs);
                state.announced = announced;
                partitions.put(partition, state);
                states.add(state);
            }
        }
        return states;
    }

    /** Adds partitions of which nothing is handed out yet, some of them with a place to begin at, and answers those that were not assigned yet. */
    synchronized List<PartitionState> add(Collection<TopicPartition> added, Function<TopicPartition, @Nullable OffsetSpec> begin) {
        List<PartitionState> states = add(added, /* announced= */ false);
        for (PartitionState state : states) {
            OffsetSpec spec = begin.apply(state.partition);
            if (spec != null) {
                state.resetTo(spec);
            }
        }
        return states;
    }

    /** Those of them that are assigned still; the same partition assigned anew is another one. */
    synchronized List<PartitionState> stillThere(Collection<PartitionState> states) {
        return states.stream().filter(state -> partitions.get(state.partition) == state).toList();
    }

    /** Takes partitions away with all that was fetched of them. */
    synchronized void remove(Collection<PartitionState> removed) {
        for (PartitionState state : removed) {
            if (partitions.remove(state.partition, state)) {
                if (state.hasUncommittedMarks()) {
                    lostMarks.add(state.partition);
                }
                state.revoking = true;
                state.newEpoch();
            }
        }
        inWork.taken(removed);
    }

    synchronized void announce(Collection<PartitionState> announced) {
        announced.forEach(state -> state.announced = true);
    }

    /** Hands out nothing more of some partitions; answers those that are assigned still. */
    synchronized List<PartitionState> revoke(Collection<PartitionState> revoked, boolean lost) {
        List<PartitionState> states = stillThere(revoked);
        states.forEach(state -> {
            state.revoking = true;
            state.lost |= lost;
            state.dropFetched(); // nobody gets it any more, and the giving up may take its time
        });
        return states;
    }

    /**
     * The calling thread polls again: it has finished what it was given before.
     *
     * @return whether it has not seen all of that, so that a position has gone back, and there is something to fetch
     */
    synchronized boolean finishedWork() {
        return inWork.finished();
    }

    /** Whether a partition has neither a position nor an error that says why, and is to have one. */
    synchronized boolean isUnknown(TopicPartition partition) {
        PartitionState state = partitions.get(partition);
        return state != null && state.source != PartitionState.Source.KNOWN && state.error == null && !state.revoking;
    }

    /** Takes what a partition's owner is to be told, if there is something. */
    synchronized @Nullable RuntimeException takeError(TopicPartition partition) {
        PartitionState state = get(partition);
        RuntimeException error = state.error;
        state.error = null;
        return error;
    }

    /** Those of some partitions that were taken away since the calling thread was given their records, be they back by now. */
    synchronized Set<TopicPartition> takenFromCaller(Collection<TopicPartition> some) {
        Set<TopicPartition> taken = new LinkedHashSet<>(inWork.takenFromCaller().keySet());
        taken.retainAll(some);
        return taken;
    }

    /** What was taken away before the calling thread had finished, or committed, what it was given of it. */
    synchronized Set<TopicPartition> takenUnfinishedFromCaller() {
        Set<TopicPartition> taken = new LinkedHashSet<>();
        inWork.takenFromCaller().forEach((partition, unfinished) -> {
            if (unfinished) {
                taken.add(partition);
            }
        });
        return taken;
    }

    /** Takes the names of the partitions that were taken away before what was marked of them was committed. */
    synchronized Set<TopicPartition> takeLostMarks() {
        Set<TopicPartition> taken = new TreeSet<>(lostMarks);
        lostMarks.clear();
        return taken;
    }

    /** Nobody needs to be told any more what was marked and not committed: the application itself has given everything up. */
    synchronized void forgetLostMarks() {
        lostMarks.clear();
    }

    /** A broker has taken a commit in. */
    synchronized void committed(PartitionState state, long offset) {
        state.committed = offset;
    }

    /** The application commits by itself: what lies before is finished, whatever becomes of the threads that it was given to; but for some partitions. */
    synchronized void vouchedFor(Map<TopicPartition, OffsetAndMetadata> offsets, Set<TopicPartition> not) {
        offsets.forEach((partition, offset) -> {
            PartitionState state = partitions.get(partition);
            if (state != null && !not.contains(partition)) {
                inWork.vouchedFor(state, offset.offset());
            }
        });
    }

    /** What was handed out of a partition is not in its log any more. */
    synchronized void forgetWork(PartitionState state) {
        inWork.forget(List.of(state));
    }

    /** What the calling thread is given next, it does not see before {@link #seen}. */
    synchronized InWork.Work beginUnseen() {
        return inWork.beginUnseen();
    }

    /** A thread sees what it was given; false if that was given back. */
    synchronized boolean seen(InWork.Work work) {
        return inWork.seen(work);
    }

    /** Records are handed out to the calling thread. */
    synchronized void startedWork(PartitionState state, List<? extends ConsumerRecord<?, ?>> records) {
        inWork.started(state, records.get(0).offset(), records.get(records.size() - 1).offset() + 1);
        if (marking) {
            state.unmarked.add(records);
        }
    }

    /**
     * Of what was handed out, the application gets other records, or does not get some: these are nothing for it to mark.
     *
     * @return whether there is something to fetch on account of that
     */
    synchronized boolean replaced(ConsumerRecords<?, ?> handedOut, ConsumerRecords<?, ?> given) {
        if (!marking || given == handedOut) {
            return false;
        }
        boolean mayFetch = false;
        for (TopicPartition partition : handedOut.partitions()) {
            PartitionState state = partitions.get(partition);
            if (state != null) {
                Map<Long, ConsumerRecord<?, ?>> byOffset = new HashMap<>();
                given.records(partition).forEach(record -> byOffset.put(record.offset(), record));
                handedOut.records(partition).forEach(record -> state.unmarked.replace(record, byOffset.get(record.offset())));
                mayFetch |= mayFetchAgain(state);
            }
        }
        return mayFetch;
    }

    /** A record is done; answers its partition if it was handed out since the position was last moved, and was not marked before, and null if not. */
    @Nullable PartitionState mark(ConsumerRecord<?, ?> record) {
        PartitionState state;
        boolean hasRoom;
        synchronized (this) {
            state = partitions.get(record.topicPartition());
            if (state == null || !state.unmarked.mark(record)) {
                return null;
            }
            hasRoom = state.mayHandOut() == 1;
        }
        if (hasRoom) {
            onRecords.run();
        }
        return state;
    }

    /** Whether a partition may be fetched that was left out until something of it was marked; only once. */
    synchronized boolean mayFetchAgain(PartitionState state) {
        boolean again = state.awaitsMarks && state.mayHandOut() > 0;
        state.awaitsMarks &= !again;
        return again;
    }

    synchronized boolean isRevoking(PartitionState state) {
        return state.revoking;
    }

    /** Everything is given up by the application, which has marked what it wants to. */
    synchronized void awaitNoMarks() {
        partitions.values().forEach(state -> state.unmarked.awaitNoLonger());
    }

    /** Whether records of any of these may still be worked on. */
    synchronized boolean isInWork(Collection<PartitionState> some) {
        return inWork.containsAny(some) || stillThere(some).stream().anyMatch(state -> state.unmarked.isAwaited());
    }

    /** What is finished of some partitions: marked, or, where records are not marked, handed out by an earlier poll of a thread that has polled again. */
    synchronized Map<PartitionState, Long> finished(Collection<PartitionState> states) {
        Map<PartitionState, Long> offsets = new LinkedHashMap<>();
        for (PartitionState state : stillThere(states)) {
            if (state.source == PartitionState.Source.KNOWN && !state.lost) {
                offsets.put(state, marking ? state.unmarked.committable(state.position) : inWork.first(state));
            }
        }
        return offsets;
    }

    /** The record at a partition's position could not be read: what was fetched of it may have to make way for others. */
    synchronized void cannotBeRead(PartitionState state) {
        state.unreadable = true;
    }

    /** The topic in which a partition is read, or null if that is not known. */
    synchronized @Nullable Uuid topicId(PartitionState state) {
        return state.topicId;
    }

    /** What has been handed out, as a commit of the caller's own commits it. */
    synchronized Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        for (PartitionState state : partitions.values()) {
            if (state.source == PartitionState.Source.KNOWN) {
                offsets.put(state.partition, inWork.firstUnseen(state));
            }
        }
        return offsets;
    }

    /** The offset of the next record that a thread gets to see. */
    synchronized long position(PartitionState state) {
        return inWork.firstUnseen(state);
    }

    /** Whether a poll would return at once. */
    synchronized boolean hasSomething() {
        return partitions.values().stream().anyMatch(state ->
                state.error != null && !state.revoking || !state.taken && state.hasRecords());
    }

    /** The next partition that has records and is nobody's at the moment; it is the caller's until {@link #put}. */
    synchronized @Nullable PartitionState take(Set<PartitionState> not) {
        List<PartitionState> all = new ArrayList<>(partitions.values());
        for (int i = 0; i < all.size(); i++) {
            PartitionState state = all.get((turn + i) % all.size());
            if (!state.taken && state.hasRecords() && !not.contains(state)) {
                turn = (turn + i) % all.size();
                state.taken = true;
                return state;
            }
        }
        return null;
    }

    /**
     * Gives a partition back. If it is exhausted, or cannot be read, the next poll begins behind it.
     *
     * @return whether what is left of it may not be handed out, so that it would make way for others; while it was taken, it could not
     */
    boolean put(PartitionState state, boolean exhausted) {
        boolean hasMore;
        boolean holdsBack;
        synchronized (this) {
            state.taken = false;
            if (exhausted) {
                turn++;
            }
            hasMore = state.hasRecords();
            holdsBack = !state.fetched.isEmpty() && !hasMore;
        }
        if (hasMore) {
            onRecords.run();
        }
        return holdsBack;
    }

    /** Lets the next poll tell an error of a partition. */
    synchronized void fail(PartitionState state, RuntimeException error) {
        if (state.hasRecords()) {
            state.error = error;
        }
    }

    /** An error to throw, taken from the first partition that has one; null if none has. */
    synchronized @Nullable RuntimeException takeError() {
        for (PartitionState state : partitions.values()) {
            RuntimeException error = state.error;
            if (error != null && !state.revoking) {
                state.error = null;
                return error;
            }
        }
        return null;
    }

    synchronized Set<TopicPartition> paused() {
        Set<TopicPartition> paused = new LinkedHashSet<>();
        partitions.values().stream().filter(state -> state.paused).forEach(state -> paused.add(state.partition));
        return paused;
    }
}
