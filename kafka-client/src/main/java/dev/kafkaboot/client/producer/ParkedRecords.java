package dev.kafkaboot.client.producer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of a topic that are parked, in order, and who waits for them to be gone. One record at a time is being moved: it is no longer in the line,
 * and not gone yet. Under the topic's lock.
 */
final class ParkedRecords {

    private final Deque<ParkedRecord> line = new ArrayDeque<>();
    private final Deque<Waiter> waiters = new ArrayDeque<>(0);
    private @Nullable ParkedRecord moving;
    private long came;

    /** Of those that came, how many are gone, with all before them. */
    private long gone;

    /** Somebody who waits until so many are gone. */
    private record Waiter(long awaited, Runnable action) {}

    /** Whether no record waits or is being moved. */
    boolean isEmpty() {
        return line.isEmpty() && moving == null;
    }

    void add(ParkedRecord record) {
        line.addLast(record);
        came++;
    }

    /** The one that has been waiting for longest, or null. */
    @Nullable ParkedRecord oldest() {
        return line.peekFirst();
    }

    /** Takes the oldest out to be moved; false if it is another one by now. */
    boolean take(ParkedRecord record) {
        if (line.peekFirst() != record) {
            return false;
        }
        moving = line.removeFirst();
        return true;
    }

    /** The record that was being moved is where it was. */
    void putBack(ParkedRecord record) {
        line.addFirst(record);
        moving = null;
    }

    /** The record that was being moved is gone. */
    void moved() {
        moving = null;
        count();
    }

    /** Takes all that wait. */
    List<ParkedRecord> takeAll() {
        List<ParkedRecord> all = List.copyOf(line);
        line.clear();
        count();
        return all;
    }

    private void count() {
        if (moving == null) {
            gone = came - line.size();
        }
    }

    /** Keeps an action until all that are here now are gone; false if there is none. */
    boolean whenGone(Runnable action) {
        return !isEmpty() && waiters.add(new Waiter(came, action));
    }

    /** Takes the actions that waited for what is gone. */
    List<Runnable> takeDue() {
        if (waiters.isEmpty()) {
            return List.of();
        }
        List<Runnable> due = new ArrayList<>();
        for (Waiter next = waiters.peekFirst(); next != null && next.awaited <= gone; next = waiters.peekFirst()) {
            due.add(waiters.removeFirst().action);
        }
        return due;
    }
}
