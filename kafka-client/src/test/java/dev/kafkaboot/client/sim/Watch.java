package dev.kafkaboot.client.sim;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/**
 * Tells whether a simulation is stuck: the thread that holds the baton waits for real, for a lock that a parked one holds for example, or spins without end.
 *
 * <p>A machine that is busy with other things must not look like that. So a thread that can run is judged by the processor time that it took, and one that
 * waits by many looks, one a second.
 */
final class Watch {

    private static final int LOOKS = 60;
    private static final long SPINNING_NANOS = 20_000_000_000L;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long seen = -1;
    private int waiting;
    private long cpuNanos;

    /** Looks at the thread that runs, and at how many events have happened. */
    boolean isStuck(Thread running, long events) {
        long used = threads.getThreadCpuTime(running.getId());
        if (events != seen) {
            seen = events;
            waiting = 0;
            cpuNanos = used;
            return false;
        }
        waiting = running.getState() == Thread.State.RUNNABLE ? 0 : waiting + 1;
        return waiting >= LOOKS || used - cpuNanos >= SPINNING_NANOS;
    }

    /** The stacks of all threads. */
    String describe(List<Carrier> carriers, Carrier holder) {
        StringBuilder text = new StringBuilder("Nothing moves: a thread waits for real, or spins");
        for (Carrier carrier : List.copyOf(carriers)) {
            text.append("\n  ").append(carrier.thread().getName()).append(carrier == holder ? " (runs)" : "");
            for (StackTraceElement frame : carrier.thread().getStackTrace()) {
                text.append("\n      at ").append(frame);
            }
        }
        return text.toString();
    }
}
