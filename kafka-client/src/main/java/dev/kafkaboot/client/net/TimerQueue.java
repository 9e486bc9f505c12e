package dev.kafkaboot.client.net;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Timers in the order of their due times: a binary heap in which each entry knows its place, so that a cancelled timer leaves at once and holds
 * nothing. Not thread-safe; it belongs to a loop.
 */
final class TimerQueue {

    private @Nullable Entry[] heap = new @Nullable Entry[64];
    private int size;
    private long nextSequence;

    /** A task with its due time. */
    static final class Entry {

        final long dueNanos;
        final Runnable task;
        private long sequence;
        private int place = -1;

        Entry(long dueNanos, Runnable task) {
            this.dueNanos = dueNanos;
            this.task = task;
        }

        private boolean isBefore(Entry other) {
            long difference = dueNanos - other.dueNanos; // nanoTime may overflow, differences do not
            return difference < 0 || difference == 0 && sequence < other.sequence;
        }
    }

    int size() {
        return size;
    }

    void add(Entry entry) {
        if (entry.place >= 0) {
            throw new IllegalStateException("The timer is already in the queue");
        }
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        entry.sequence = nextSequence++;
        siftUp(size++, entry);
    }

    /** Takes an entry out; does nothing if it is not in. */
    void remove(Entry entry) {
        int place = entry.place;
        if (place < 0) {
            return;
        }
        entry.place = -1;
        Entry last = at(--size);
        heap[size] = null;
        if (last == entry) {
            return;
        }
        siftDown(place, last);
        if (last.place == place) {
            siftUp(place, last);
        }
    }

    /** Takes out the first entry if it is due. */
    @Nullable Entry pollDue(long nowNanos) {
        if (size == 0) {
            return null;
        }
        Entry first = at(0);
        if (first.dueNanos - nowNanos > 0) {
            return null;
        }
        remove(first);
        return first;
    }

    /** Nanoseconds until the first entry is due, not below 0; {@link Long#MAX_VALUE} if there is none. */
    long nanosUntilNext(long nowNanos) {
        return size == 0 ? Long.MAX_VALUE : Math.max(0, at(0).dueNanos - nowNanos);
    }

    private Entry at(int place) {
        Entry entry = heap[place];
        if (entry == null) {
            throw new IllegalStateException("The timer queue has a hole at " + place + " of " + size);
        }
        return entry;
    }

    private void put(int place, Entry entry) {
        heap[place] = entry;
        entry.place = place;
    }

    private void siftUp(int from, Entry entry) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            if (!entry.isBefore(at(parent))) {
                break;
            }
            put(place, at(parent));
            place = parent;
        }
        put(place, entry);
    }

    private void siftDown(int from, Entry entry) {
        int place = from;
        for (int child = 2 * place + 1; child < size; child = 2 * place + 1) {
            if (child + 1 < size && at(child + 1).isBefore(at(child))) {
                child++;
            }
            if (!at(child).isBefore(entry)) {
                break;
            }
            put(place, at(child));
            place = child;
        }
        put(place, entry);
    }
}
