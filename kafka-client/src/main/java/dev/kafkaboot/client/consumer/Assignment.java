package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is assigned, where loop and polling threads meet; every method is synchronized and short.
 *
 * <p>It also keeps what each polling thread is working on: the records that its last poll handed out. A position can be committed up to the first
 * record that any thread may still be working on, and no further.
 */
final class Assignment {

    private final Map<TopicPartition, PartitionState> partitions = new LinkedHashMap<>();
    private final Map<Thread, Map<TopicPartition, Long>> inWork = new LinkedHashMap<>();

    /** Where the next poll begins to look, so that every partition has its turn. */
    private int turn;

    private long epochs;

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

    /** Adds partitions. */
    synchronized void add(Collection<TopicPartition> added, boolean announced) {
        for (TopicPartition partition : added) {
            PartitionState state = new PartitionState(partition, () -> ++epochs);
            state.announced = announced;
            PartitionState before = partitions.putIfAbsent(partition, state);
            if (before != null) {
                before.revoking = false;
            }
        }
    }

    /** Takes partitions away with all that was fetched of them. */
    synchronized void remove(Collection<TopicPartition> removed) {
        for (TopicPartition partition : removed) {
            PartitionState state = partitions.remove(partition);
            if (state != null) {
                state.revoking = true;
                state.newEpoch();
            }
        }
        inWork.values().forEach(work -> work.keySet().removeAll(removed));
    }

    synchronized void announce(Collection<TopicPartition> announced) {
        announced.stream().map(partitions::get).forEach(state -> {
            if (state != null) {
                state.announced = true;
            }
        });
    }

    synchronized void revoking(Collection<TopicPartition> revoked, boolean value) {
        revoked.stream().map(partitions::get).forEach(state -> {
            if (state != null) {
                state.revoking = value;
            }
        });
    }

    /** The calling thread polls again: it has finished what it was given before. */
    synchronized void finishedWork() {
        inWork.remove(Thread.currentThread());
    }

    synchronized void startedWork(TopicPartition partition, long firstOffset) {
        inWork.computeIfAbsent(Thread.currentThread(), thread -> new LinkedHashMap<>()).putIfAbsent(partition, firstOffset);
    }

    /** Whether a thread may still be working on records of any of these. */
    synchronized boolean isInWork(Collection<TopicPartition> some) {
        return inWork.values().stream().anyMatch(work -> some.stream().anyMatch(work::containsKey));
    }

    /** The offset up to which a partition is finished; -1 if nothing is known. */
    private long finishedUpTo(PartitionState state) {
        long finished = state.source == PartitionState.Source.KNOWN ? state.position : -1;
        for (Map<TopicPartition, Long> work : inWork.values()) {
            Long first = work.get(state.partition);
            if (first != null && finished >= 0) {
                finished = Math.min(finished, first);
            }
        }
        return finished;
    }

    /** What an automatic commit would commit. */
    synchronized Map<TopicPartition, Long> finished(Predicate<TopicPartition> which) {
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        for (PartitionState state : partitions.values()) {
            long offset = which.test(state.partition) ? finishedUpTo(state) : -1;
            if (offset >= 0) {
                offsets.put(state.partition, offset);
            }
        }
        return offsets;
    }

    /** What has been handed out, as a commit of the caller's own commits it. */
    synchronized Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        for (PartitionState state : partitions.values()) {
            if (state.source == PartitionState.Source.KNOWN) {
                offsets.put(state.partition, state.position);
            }
        }
        return offsets;
    }

    /** Whether a poll would return at once. */
    synchronized boolean hasSomething() {
        return partitions.values().stream().anyMatch(state ->
                state.error != null || !state.taken && state.isReadable() && !state.fetched.isEmpty());
    }

    /** The next partition that has records and is nobody's at the moment; it is the caller's until {@link #put}. */
    synchronized @Nullable PartitionState take(Set<PartitionState> not) {
        List<PartitionState> all = new ArrayList<>(partitions.values());
        for (int i = 0; i < all.size(); i++) {
            PartitionState state = all.get((turn + i) % all.size());
            if (!state.taken && state.isReadable() && !state.fetched.isEmpty() && !not.contains(state)) {
                turn = (turn + i) % all.size();
                state.taken = true;
                return state;
            }
        }
        return null;
    }

    /** Takes a certain partition, if it is nobody's and has records. */
    synchronized boolean take(PartitionState state) {
        if (state.taken || !state.isReadable() || state.fetched.isEmpty()) {
            return false;
        }
        state.taken = true;
        return true;
    }

    /** Whether partitions other than these have records. */
    synchronized boolean hasOthers(Set<PartitionState> not) {
        return partitions.values().stream().anyMatch(state -> !not.contains(state) && !state.taken && state.isReadable() && !state.fetched.isEmpty());
    }

    /** Gives a partition back; the next poll begins behind it. */
    synchronized void put(PartitionState state, boolean exhausted) {
        state.taken = false;
        if (exhausted) {
            turn++;
        }
    }

    /** An error to throw, taken from the first partition that has one; null if none has. */
    synchronized @Nullable RuntimeException takeError() {
        for (PartitionState state : partitions.values()) {
            RuntimeException error = state.error;
            if (error != null) {
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
