package dev.kafkaboot.test.fake;

import java.util.OptionalLong;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The cluster's time, and what is to be done later: in the order of the due times, and of their making where these are equal. */
final class Timers {

    private final PriorityQueue<Entry> entries = new PriorityQueue<>(Timers::compare);
    private final long epochMillis;
    private final long originNanos;
    private long nowNanos;
    private long made;

    /** Something that is to be done later. */
    static final class Entry {

        private final long dueNanos;
        private final long number;
        private @Nullable Runnable task;

        private Entry(long dueNanos, long number, Runnable task) {
            this.dueNanos = dueNanos;
            this.number = number;
            this.task = task;
        }

        /** Takes it back; nothing happens if it was done already. */
        void cancel() {
            task = null;
        }
    }

    Timers(long nowNanos, long epochMillis) {
        this.originNanos = nowNanos;
        this.nowNanos = nowNanos;
        this.epochMillis = epochMillis;
    }

    long nowNanos() {
        return nowNanos;
    }

    /** The time of day, in milliseconds since 1970. */
    long nowMillis() {
        return epochMillis + (nowNanos - originNanos) / 1_000_000;
    }

    Entry afterMillis(long millis, Runnable task) {
        return afterNanos(millis * 1_000_000, task);
    }

    Entry afterNanos(long nanos, Runnable task) {
        Entry entry = new Entry(nowNanos + Math.max(0, nanos), made++, task);
        entries.add(entry);
        return entry;
    }

    private static int compare(Entry one, Entry other) {
        return one.dueNanos == other.dueNanos ? Long.compare(one.number, other.number) : Long.compare(one.dueNanos, other.dueNanos);
    }

    /** When the next thing is due, if there is any. */
    OptionalLong nextDueNanos() {
        dropCancelled();
        Entry first = entries.peek();
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.dueNanos);
    }

    /** Moves time on, and does what falls due on the way, each at its own time. A time in the past changes nothing. */
    void advanceTo(long nanos) {
        for (Entry due = pollDue(nanos); due != null; due = pollDue(nanos)) {
            nowNanos = Math.max(nowNanos, due.dueNanos);
            Runnable task = due.task;
            due.task = null;
            if (task != null) {
                task.run();
            }
        }
        nowNanos = Math.max(nowNanos, nanos);
    }

    private @Nullable Entry pollDue(long nanos) {
        dropCancelled();
        Entry first = entries.peek();
        return first == null || first.dueNanos > nanos ? null : entries.poll();
    }

    private void dropCancelled() {
        for (Entry first = entries.peek(); first != null && first.task == null; first = entries.peek()) {
            entries.poll();
        }
    }
}
