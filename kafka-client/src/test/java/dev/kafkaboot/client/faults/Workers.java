package dev.kafkaboot.client.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** Threads that work until they are told to stop, and what they failed with. */
final class Workers {

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> defects = new ArrayList<>();

    /** Whether they are to come to an end. */
    boolean areStopped() {
        return stopped.get();
    }

    /** Starts one. */
    void run(String name, Runnable work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error defect) {
                synchronized (defects) {
                    defects.add(defect);
                }
            }
        }, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Lets everybody come to an end, and waits for it; answers what they failed with that no client may fail with. */
    List<Throwable> stop() throws InterruptedException {
        stopped.set(true);
        for (Thread thread : threads) {
            thread.join(Duration.ofMinutes(2).toMillis());
            if (thread.isAlive()) {
                AssertionError stuck = new AssertionError(thread.getName() + " does not end");
                stuck.setStackTrace(thread.getStackTrace());
                synchronized (defects) {
                    defects.add(stuck);
                }
            }
        }
        synchronized (defects) {
            return List.copyOf(defects);
        }
    }

    /** Lets time pass: until something that grows has grown by so much, or the limit is over. */
    static void awaitProgress(IntSupplier progress, int more, Duration limit) {
        int goal = progress.getAsInt() + more;
        long end = System.nanoTime() + limit.toNanos();
        while (progress.getAsInt() < goal && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(20_000_000);
        }
    }
}
