package dev.kafkaboot.client.consumer;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What each polling thread may still be working on: the records that its last poll handed out. A thread that has ended works on nothing. Guarded by its
 * {@link Assignment}.
 */
final class InWork {

    private final Map<Thread, Map<PartitionState, Long>> firstOffsets = new LinkedHashMap<>();

    /** The calling thread was given records. */
    void started(PartitionState state, long firstOffset) {
        firstOffsets.computeIfAbsent(Thread.currentThread(), thread -> new LinkedHashMap<>()).putIfAbsent(state, firstOffset);
    }

    /** The calling thread has finished what it was given. */
    void finished() {
        firstOffsets.remove(Thread.currentThread());
    }

    /** Nobody needs to finish these any more. */
    void forget(Collection<PartitionState> states) {
        firstOffsets.values().forEach(work -> work.keySet().removeAll(states));
    }

    /** Whether a thread may still be working on records of any of these. */
    boolean containsAny(Collection<PartitionState> states) {
        dropEnded();
        return firstOffsets.values().stream().anyMatch(work -> states.stream().anyMatch(work::containsKey));
    }

    /** The first offset that a thread may still be working on, or a limit if that is less. */
    long first(PartitionState state, long limit) {
        dropEnded();
        long first = limit;
        for (Map<PartitionState, Long> work : firstOffsets.values()) {
            first = Math.min(first, work.getOrDefault(state, limit));
        }
        return first;
    }

    private void dropEnded() {
        firstOffsets.keySet().removeIf(thread -> !thread.isAlive());
    }
}
