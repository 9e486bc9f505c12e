package dev.kafkaboot.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;

/** How much a piece of work may allocate on the heap. */
public final class Memory {

    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Memory() {}

    /**
     * Does the work, and fails if it takes more memory than it may.
     *
     * @param most bytes
     * @param work does the same every time
     */
    public static void within(long most, Runnable work) {
        long allocated = allocatedBy(work);
        if (allocated > most) {
            // Once, classes are loaded, and instrumented by the fuzzer, on this very thread.
            allocated = allocatedBy(work);
        }
        assertThat(allocated).as("bytes allocated").isLessThanOrEqualTo(most);
    }

    private static long allocatedBy(Runnable work) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
