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

    /** Where the next poll begins to look, so that every partition has its turn. */
    private int turn;

    private long epochs;

    private final Runnable onRecords;

    /**
     * Nothing is assigned.
     *
     * @param onRecords called, without a lock, when a thread gives a partition back that has records left for others
     */
    Assignment(Runnable onRecords) {
        this.onRecords = onRecords;
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
                PartitionState state = new PartitionState(partition, () -> ++epochs);
                state.announced = announced;
                partitions.put(partition, state);
                states.add(state);
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
                state.revoking = true;
                state.newEpoch();
            }
        }
        inWork.forget(removed);
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
        });
        return states;
    }

    /** The calling thread polls again: it has finished what it was given before. */
    synchronized void finishedWork() {
        inWork.finished();
    }

    synchronized void startedWork(PartitionState state, long firstOffset) {
        inWork.started(state, firstOffset);
    }

    /** Whether a thread may still be working on records of any of these. */
    synchronized boolean isInWork(Collection<PartitionState> some) {
        return inWork.containsAny(some);
    }

    /** What an automatic commit of some partitions would commit. */
    synchronized Map<PartitionState, Long> finished(Collection<PartitionState> states) {
        Map<PartitionState, Long> offsets = new LinkedHashMap<>();
        for (PartitionState state : stillThere(states)) {
            if (state.source == PartitionState.Source.KNOWN && !state.lost) {
                offsets.put(state, inWork.first(state, state.position));
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

    /** Gives a partition back. If it is exhausted, or cannot be read, the next poll begins behind it. */
    void put(PartitionState state, boolean exhausted) {
        boolean hasMore;
        synchronized (this) {
            state.taken = false;
            if (exhausted) {
                turn++;
            }
            hasMore = state.hasRecords();
        }
        if (hasMore) {
            onRecords.run();
        }
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
