package dev.kafkaboot.benchmarks;

import java.util.List;
import java.util.Locale;

/** The results as a Markdown table: each cell ours, then kafka-clients'. */
final class Table {

    private Table() {}

    static String of(List<Row> rows) {
        StringBuilder text = new StringBuilder()
                .append("| row | thousand records/s | ratio | CPU s per million | ratio | bytes allocated per record | p50 / p99 / p99.9 ms | peak MiB |\n")
                .append("|---|---|---|---|---|---|---|---|\n");
        for (Row row : rows) {
            text.append("| ").append(row.scenario().label())
                    .append(" | ").append(both("%.0f", row.ourMedian(r -> r.recordsPerSecond() / 1e3), row.theirMedian(r -> r.recordsPerSecond() / 1e3)))
                    .append(" | ").append(format("%.2f", row.rateRatio()))
                    .append(" | ").append(both("%.2f", row.ourMedian(Result::cpuMicros), row.theirMedian(Result::cpuMicros)))
                    .append(" | ").append(format("%.2f", row.cpuRatio()))
                    .append(" | ").append(both("%.0f", row.ourMedian(Result::allocatedBytes), row.theirMedian(Result::allocatedBytes)))
                    .append(" | ").append(latencies(row))
                    .append(" | ").append(both("%.0f", row.ourMedian(Result::peakMemoryMiB), row.theirMedian(Result::peakMemoryMiB)))
                    .append(" |\n");
        }
        return text.toString();
    }

    private static String latencies(Row row) {
        if (!row.scenario().produce()) {
            return "";
        }
        return String.format(Locale.ROOT, "%.1f / %.1f / %.1f; %.1f / %.1f / %.1f",
                row.ourMedian(Result::p50), row.ourMedian(Result::p99), row.ourMedian(Result::p999),
                row.theirMedian(Result::p50), row.theirMedian(Result::p99), row.theirMedian(Result::p999));
    }

    private static String both(String pattern, double ours, double theirs) {
        return format(pattern, ours) + "; " + format(pattern, theirs);
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
