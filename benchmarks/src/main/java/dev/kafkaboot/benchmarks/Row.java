package dev.kafkaboot.benchmarks;

import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/**
 * The results of one scenario, pair by pair.
 *
 * @param scenario what was done
 * @param ours this project's results
 * @param theirs the results of kafka-clients, each taken right after ours of the same index; none where nothing is compared
 */
record Row(Scenario scenario, List<Result> ours, List<Result> theirs) {

    /** Whether there are two sides to it. */
    boolean isComparison() {
        return !theirs.isEmpty();
    }

    double ourMedian(ToDoubleFunction<Result> figure) {
        return median(ours.stream().mapToDouble(figure).toArray());
    }

    double theirMedian(ToDoubleFunction<Result> figure) {
        return median(theirs.stream().mapToDouble(figure).toArray());
    }

    /** How much faster: the median over the pairs of ours divided by theirs. */
    double rateRatio() {
        return median(pairs((a, b) -> a.recordsPerSecond() / b.recordsPerSecond()));
    }

    /** How much of their CPU time a record costs: the median over the pairs of ours divided by theirs. */
    double cpuRatio() {
        return median(pairs((a, b) -> a.cpuMicros() / b.cpuMicros()));
    }

    private double[] pairs(ToDoubleBiFunction<Result, Result> ratio) {
        double[] values = new double[ours.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ratio.applyAsDouble(ours.get(i), theirs.get(i));
        }
        return values;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
