package dev.kafkaboot.client.interleaving;

import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckSettings;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scenario of a few threads in many of the interleavings that it can have: Lincheck's model checking, which lets one thread run at a time, switches
 * between them where they touch what they share, and takes a state in which none can go on for a failure. Which interleavings it tries depends on nothing but
 * the scenario; a failure is told as the list of steps that led to it.
 *
 * <p>Memory is sequentially consistent here. A missing {@code volatile} is found if two threads interleave badly, not if a processor reorders.
 *
 * <p>What a scenario asserts it asserts with {@link #check}: everything that runs in it is watched, and a library of matchers would be, too.
 */
public final class Interleavings {

    /** How many are tried of each scenario: {@code -Dinterleavings=100000} for a long run. */
    private static final int COUNT = Integer.getInteger("interleavings", 200);

    /** No loop of a scenario has so many rounds. */
    private static final int LOOP = 100_000;

    private static final int RECURSION = 20;

    /**
     * Lincheck takes a loop of more than ten rounds for one that waits for another thread, and from there on tries one and the same interleaving again and again:
     * whatever is wrong behind a loop that fills an array is not seen. Its public entry does not let that be changed, so this uses the one behind it.
     * {@code InterleavingsInterleavings} fails if that stops working.
     */
    private static final LincheckSettings SETTINGS = new LincheckSettings(/* analyzeStdLib= */ true, LOOP / 10, LOOP, RECURSION);

    private Interleavings() {}

    /** A part of a scenario. */
    @FunctionalInterface
    public interface Part {

        /** Does it. */
        void run() throws InterruptedException;
    }

    /** Runs a scenario in one interleaving after another, each time from the beginning. */
    public static void explore(Part scenario) {
        Lincheck.runConcurrentTestInternal$lincheck(COUNT, SETTINGS, () -> run(scenario));
    }

    /** Runs parts of a scenario, each in a thread of its own, and waits for all; then fails if one of them has, because nobody looks at how threads end. */
    public static void together(Part... parts) throws InterruptedException {
        Thread[] threads = new Thread[parts.length];
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < threads.length; i++) {
            Part part = parts[i];
            threads[i] = new Thread(() -> runInto(failure, part));
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Throwable failed = failure.get();
        if (failed != null) {
            throw new AssertionError("a thread has failed: " + failed, failed);
        }
    }

    private static void runInto(AtomicReference<@Nullable Throwable> failure, Part part) {
        try {
            part.run();
        } catch (Throwable thrown) { // whatever it is: it is thrown on where it is seen
            failure.compareAndSet(null, thrown);
        }
    }

    private static void run(Part part) {
        try {
            part.run();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts anybody here", e);
        }
    }

    /** Fails if something does not hold. */
    public static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("violated: " + what);
        }
    }
}
