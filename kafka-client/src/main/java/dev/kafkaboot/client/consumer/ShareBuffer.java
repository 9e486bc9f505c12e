package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.KafkaException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What was acquired and not handed out, and what went wrong and no poll has told. Any thread. */
final class ShareBuffer {

    /**
     * Something that the next poll tells.
     *
     * @param failure what to tell
     * @param from where records were that cannot be read, or null if it is not about records
     * @param offsets their offsets, each with what is said of it unless the application says something else
     */
    record Trouble(KafkaException failure, @Nullable SharedFetch from, SortedMap<Long, Byte> offsets) {}

    private final Deque<SharedFetch> fetched = new ArrayDeque<>();
    private final Deque<Trouble> troubles = new ArrayDeque<>();
    private long arrivals;
    private boolean closed;

    /** Adds what has come. */
    void add(SharedFetch fetch) {
        if (!addUnlessClosed(fetch)) {
            fetch.close();
        }
    }

    private synchronized boolean addUnlessClosed(SharedFetch fetch) {
        if (!closed) {
            fetched.addLast(fetch);
            arrivals++;
        }
        return !closed;
    }

    /** How often something was added: who has seen it earlier knows whether to look again. */
    synchronized long arrivals() {
        return arrivals;
    }

    /** Takes what was acquired first, or null. */
    synchronized @Nullable SharedFetch take() {
        return fetched.pollFirst();
    }

    /** Gives back what was not read to its end. */
    void putBack(SharedFetch fetch) {
        if (!putBackUnlessClosed(fetch)) {
            fetch.close();
        }
    }

    private synchronized boolean putBackUnlessClosed(SharedFetch fetch) {
        if (!closed) {
            fetched.addFirst(fetch);
        }
        return !closed;
    }

    /** Takes out what nobody is to get. */
    synchronized List<SharedFetch> remove(Predicate<SharedFetch> which) {
        List<SharedFetch> removed = new ArrayList<>();
        fetched.removeIf(fetch -> which.test(fetch) && removed.add(fetch));
        return removed;
    }

    /** Nothing is left that could be handed out. */
    synchronized boolean isEmpty() {
        return fetched.isEmpty();
    }

    /** The next poll tells this. */
    synchronized void tell(KafkaException failure) {
        // What goes on being wrong is told once to an application that does not poll meanwhile.
        troubles.removeIf(trouble -> trouble.from() == null && Objects.equals(trouble.failure().getMessage(), failure.getMessage()));
        troubles.addLast(new Trouble(failure, null, new TreeMap<>()));
    }

    /** The next poll tells this of records. */
    synchronized void tell(KafkaException failure, SharedFetch from, SortedMap<Long, Byte> offsets) {
        troubles.addLast(new Trouble(failure, from, offsets));
    }

    /** Takes what is to be told first, or null. */
    synchronized @Nullable Trouble takeTrouble() {
        return troubles.pollFirst();
    }

    /** Whether a poll has reason to look. */
    synchronized boolean hasSomething() {
        return !fetched.isEmpty() || !troubles.isEmpty();
    }

    /** Forgets everything for good: what comes later is closed at once. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        clear().forEach(SharedFetch::close);
    }

    /** Forgets everything; answers what was acquired. */
    synchronized List<SharedFetch> clear() {
        List<SharedFetch> left = List.copyOf(fetched);
        fetched.clear();
        troubles.clear();
        return left;
    }
}
