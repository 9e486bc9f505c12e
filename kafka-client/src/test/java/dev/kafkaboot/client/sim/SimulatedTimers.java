package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.net.Timer;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A loop's timers: in the order of their due times, and of their making where these are equal. */
final class SimulatedTimers {

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparingLong((Entry entry) -> entry.dueNanos).thenComparingLong(entry -> entry.number));
    private long made;

    /** A task that is due at a time. */
    static final class Entry implements Timer {

        private final long dueNanos;
        private final long number;
        private @Nullable Runnable task;

        private Entry(long dueNanos, long number, Runnable task) {
            this.dueNanos = dueNanos;
            this.number = number;
            this.task = task;
        }

        long dueNanos() {
            return dueNanos;
        }

        @Override
        public void cancel() {
            task = null;
        }
    }

    Entry add(long dueNanos, Runnable task) {
        Entry entry = new Entry(dueNanos, made++, task);
        entries.add(entry);
        return entry;
    }

    /** Takes out the first task that is due, or null if none is. */
    @Nullable Runnable pollDue(long nowNanos) {
        dropCancelled();
        Entry first = entries.peek();
        if (first == null || first.dueNanos > nowNanos) {
            return null;
        }
        entries.poll();
        Runnable task = first.task;
        first.task = null;
        return task;
    }

    /** When the first is due; {@link Long#MAX_VALUE} if there is none. */
    long nextDueNanos() {
        dropCancelled();
        Entry first = entries.peek();
        return first == null ? Long.MAX_VALUE : first.dueNanos;
    }

    private void dropCancelled() {
        for (Entry first = entries.peek(); first != null && first.task == null; first = entries.peek()) {
            entries.poll();
        }
    }
}
