package dev.kafkaboot.client.telemetry;

import java.time.Duration;
import java.util.Map;

/** The average and the greatest of some times, in milliseconds, since they were last told. One thread. */
public final class AverageAndMax {

    private static final double NANOS_PER_MILLI = 1e6;

    private long count;
    private double sumNanos;
    private long maxNanos;

    /** Nothing so far. */
    public AverageAndMax() {}

    /** Takes one more. */
    public void add(Duration time) {
        count++;
        lengthen(time);
    }

    /** The one that was taken last was longer by so much. */
    public void lengthen(Duration by) {
        long nanos = by.toNanos();
        sumNanos += nanos;
        maxNanos = Math.max(maxNanos, nanos);
    }

    /** Tells of them as {@code name.avg} and {@code name.max}, if there were any, and begins anew. */
    public void tell(MetricReport report, String name, Map<String, String> labels) {
        if (count > 0) {
            report.gauge(name + ".avg", labels, sumNanos / count / NANOS_PER_MILLI);
            report.gauge(name + ".max", labels, maxNanos / NANOS_PER_MILLI);
        }
        count = 0;
        sumNanos = 0;
        maxNanos = 0;
    }
}
