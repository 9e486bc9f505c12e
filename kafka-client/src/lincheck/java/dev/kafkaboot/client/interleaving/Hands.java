package dev.kafkaboot.client.interleaving;

import static dev.kafkaboot.client.interleaving.Interleavings.check;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Who holds what, among a few threads: a thing that two hold at a time is noticed by the later of them. What they write into it would not do, because
 * Lincheck does not switch between threads inside of buffers.
 */
public final class Hands {

    private final AtomicReferenceArray<@Nullable Object> held;

    /** So many threads, with nothing in their hands. */
    public Hands(int threads) {
        held = new AtomicReferenceArray<>(threads);
    }

    /** A thread has been given something, and holds it until it {@linkplain #putDown puts it down}. */
    public void take(int thread, Object thing) {
        held.set(thread, thing);
        for (int other = 0; other < held.length(); other++) {
            check(other == thread || held.get(other) != thing, "nobody else has it");
        }
    }

    /** A thread is about to give back what it holds. */
    public void putDown(int thread) {
        held.set(thread, null);
    }
}
