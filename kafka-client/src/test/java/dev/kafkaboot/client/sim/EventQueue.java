package dev.kafkaboot.client.sim;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What will happen: in the order of time, and of the making where times are equal. Taking an event out moves time to it. */
final class EventQueue {

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong((Event event) -> event.nanos).thenComparingLong(event -> event.number));
    private long nowNanos;
    private long made;

    /** Something that will happen, unless it is cancelled. */
    static final class Event {

        private final long nanos;
        private final long number;
        private @Nullable Runnable action;

        private Event(long nanos, long number, Runnable action) {
            this.nanos = nanos;
            this.number = number;
            this.action = action;
        }

        long nanos() {
            return nanos;
        }

        void cancel() {
            action = null;
        }
    }

    /** The time, in nanoseconds since the beginning. */
    long nowNanos() {
        return nowNanos;
    }

    /** Adds an event; one for the past happens next. */
    Event add(long nanos, Runnable action) {
        Event event = new Event(Math.max(nowNanos, nanos), made++, action);
        events.add(event);
        return event;
    }

    /** Takes the next event out, or null if nothing will ever happen. */
    @Nullable Runnable poll() {
        for (Event event = events.poll(); event != null; event = events.poll()) {
            Runnable action = event.action;
            if (action != null) {
                nowNanos = event.nanos;
                event.action = null;
                return action;
            }
        }
        return null;
    }
}
