package dev.kafkaboot.record.compress;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a few things that are dear to make for the next who needs one. Safe from any thread.
 *
 * @param <T> what it keeps
 */
final class Shelf<T> {

    private final int capacity;
    private final Consumer<T> discard;
    private final ArrayDeque<T> kept = new ArrayDeque<>();
    private boolean closed;

    /**
     * An empty shelf.
     *
     * @param capacity how many it keeps
     * @param discard what is done with one that is not kept
     */
    Shelf(int capacity, Consumer<T> discard) {
        this.capacity = capacity;
        this.discard = discard;
    }

    /** Takes one down, the one used last; null if there is none. */
    synchronized @Nullable T poll() {
        return kept.pollLast();
    }

    /** Puts one back; it is discarded if there is no place for it. */
    void give(T item) {
        if (!keep(item)) {
            discard.accept(item);
        }
    }

    private synchronized boolean keep(T item) {
        return !closed && kept.size() < capacity && kept.add(item);
    }

    /** Discards everything, and what is given from now on. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        for (T item = poll(); item != null; item = poll()) {
            discard.accept(item);
        }
    }
}
