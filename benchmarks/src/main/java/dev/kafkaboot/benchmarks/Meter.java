package dev.kafkaboot.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** The process's own accounts between {@link #start()} and {@link #stop(long)}: time, CPU, allocation, latencies, memory. */
final class Meter {

    private static final double NANOS_PER_MILLI = 1e6;

    private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Histogram latencies = new ConcurrentHistogram(3);

    private long startNanos;
    private long startCpu;
    private Map<Long, Long> startAllocated = Map.of();

    void start() {
        latencies.reset();
        startAllocated = allocated();
        startCpu = process.getProcessCpuTime();
        startNanos = System.nanoTime();
    }

    /** Counts one record that was sent at a time of {@link System#nanoTime()} and has just been acknowledged. Any thread. */
    void acknowledged(long sentNanos) {
        latencies.recordValue(Math.max(0, System.nanoTime() - sentNanos));
    }

    Result stop(long records) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        double cpuMicros = (process.getProcessCpuTime() - startCpu) / 1e3;
        double allocated = allocatedSinceStart();
        return new Result(
                records / seconds,
                cpuMicros / records,
                allocated / records,
                latencies.getValueAtPercentile(50) / NANOS_PER_MILLI,
                latencies.getValueAtPercentile(99) / NANOS_PER_MILLI,
                latencies.getValueAtPercentile(99.9) / NANOS_PER_MILLI,
                peakMemoryMiB());
    }

    /** Bytes that each thread has allocated, by its id. */
    private Map<Long, Long> allocated() {
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        Map<Long, Long> byThread = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            byThread.put(ids[i], Math.max(0, bytes[i]));
        }
        return byThread;
    }

    /** What threads have allocated that are there still: what one allocated that has ended since is not known. */
    private long allocatedSinceStart() {
        long sum = 0;
        for (Map.Entry<Long, Long> thread : allocated().entrySet()) {
            sum += thread.getValue() - startAllocated.getOrDefault(thread.getKey(), 0L);
        }
        return sum;
    }

    private static double peakMemoryMiB() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
                }
            }
        } catch (IOException notThisSystem) {
            return 0;
        }
        return 0;
    }
}
