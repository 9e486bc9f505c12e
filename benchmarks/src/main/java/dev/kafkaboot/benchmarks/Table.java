package dev.kafkaboot.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The results as a Markdown table: each cell ours, then kafka-clients'. */
final class Table {

    private Table() {}

    static String of(List<Row> rows) {
        StringBuilder text = new StringBuilder()
                .append("| row | thousand records/s | ratio | CPU s per million | ratio | bytes allocated per record | p50 / p99 / p99.9 ms | peak MiB |\n")
                .append("|---|---|---|---|---|---|---|---|\n");
        for (Row row : rows) {
            text.append("| ").append(row.scenario().label())
                    .append(" | ").append(both(row, "%.0f", result -> result.recordsPerSecond() / 1e3))
                    .append(" | ").append(row.isComparison() ? format("%.2f", row.rateRatio()) : "")
                    .append(" | ").append(both(row, "%.2f", Result::cpuMicros))
                    .append(" | ").append(row.isComparison() ? format("%.2f", row.cpuRatio()) : "")
                    .append(" | ").append(both(row, "%.0f", Result::allocatedBytes))
                    .append(" | ").append(latencies(row))
                    .append(" | ").append(both(row, "%.0f", Result::peakMemoryMiB))
                    .append(" |\n");
        }
        return text.toString();
    }

    private static String latencies(Row row) {
        if (row.scenario().kind() == Scenario.Kind.CONSUME) {
            return "";
        }
        String ours = latencies(row::ourMedian);
        return row.isComparison() ? ours + "; " + latencies(row::theirMedian) : ours;
    }

    private static String latencies(ToDoubleFunction<ToDoubleFunction<Result>> median) {
        return String.format(Locale.ROOT, "%.1f / %.1f / %.1f",
                median.applyAsDouble(Result::p50), median.applyAsDouble(Result::p99), median.applyAsDouble(Result::p999));
    }

    private static String both(Row row, String pattern, ToDoubleFunction<Result> figure) {
        String ours = format(pattern, row.ourMedian(figure));
        return row.isComparison() ? ours + "; " + format(pattern, row.theirMedian(figure)) : ours;
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
