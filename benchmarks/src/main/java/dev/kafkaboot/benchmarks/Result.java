package dev.kafkaboot.benchmarks;

import java.util.Locale;

/**
 * What one run measured over its steady state.
 *
 * @param recordsPerSecond records acknowledged, or handed out, in a second
 * @param cpuMicros CPU time of the whole process in microseconds a record, which is seconds a million records
 * @param allocatedBytes bytes allocated on the heap a record
 * @param p50 median time from send to acknowledgement in milliseconds; 0 when consuming
 * @param p99 99th percentile of it
 * @param p999 99.9th percentile of it
 * @param peakMemoryMiB largest resident size of the process in MiB, or 0 where the system does not tell
 */
record Result(
        double recordsPerSecond, double cpuMicros, double allocatedBytes, double p50, double p99, double p999, double peakMemoryMiB) {

    private static final String PREFIX = "RESULT ";

    String toLine() {
        return String.format(Locale.ROOT, "%s%f %f %f %f %f %f %f",
                PREFIX, recordsPerSecond, cpuMicros, allocatedBytes, p50, p99, p999, peakMemoryMiB);
    }

    static boolean isLine(String line) {
        return line.startsWith(PREFIX);
    }

    static Result fromLine(String line) {
        String[] f = line.substring(PREFIX.length()).split(" ", -1);
        return new Result(number(f[0]), number(f[1]), number(f[2]), number(f[3]), number(f[4]), number(f[5]), number(f[6]));
    }

    private static double number(String text) {
        return Double.parseDouble(text);
    }
}
