package dev.kafkaboot.client.telemetry;

import java.util.Map;

/** How often something happened: in all, and a second since that was last told. One thread. */
final class Occurrences {

    private static final double NANOS_PER_SECOND = 1e9;

    private long total;
    private long toldTotal;
    private long toldNanos;

    Occurrences(long nowNanos) {
        toldNanos = nowNanos;
    }

    void add() {
        total++;
    }

    /** Tells of them as {@code name.total} and {@code name.rate}. */
    void tell(MetricReport report, String name, long nowNanos) {
        report.sum(name + ".total", Map.of(), (double) total);
        if (nowNanos > toldNanos) {
            report.gauge(name + ".rate", Map.of(), (double) (total - toldTotal) * NANOS_PER_SECOND / (nowNanos - toldNanos));
        }
        toldTotal = total;
        toldNanos = nowNanos;
    }
}
