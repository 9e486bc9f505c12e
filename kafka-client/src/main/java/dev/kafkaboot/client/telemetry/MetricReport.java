package dev.kafkaboot.client.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What is collected for one push: of the metrics that there are, those that are wanted. One thread. */
public final class MetricReport {

    private final Predicate<String> wanted;
    private final List<MetricPoint> points = new ArrayList<>();

    MetricReport(Predicate<String> wanted) {
        this.wanted = wanted;
    }

    /** Takes a count that only grows: what it is by now, since the client began. */
    public void sum(String name, Map<String, String> labels, double value) {
        add(name, labels, MetricPoint.Kind.SUM, value);
    }

    /** Takes a value that may grow and shrink. What is not a number is left out. */
    public void gauge(String name, Map<String, String> labels, double value) {
        add(name, labels, MetricPoint.Kind.GAUGE, value);
    }

    private void add(String name, Map<String, String> labels, MetricPoint.Kind kind, double value) {
        if (!Double.isNaN(value) && wanted.test(name)) {
            points.add(new MetricPoint(new MetricPoint.Key(name, labels), kind, value));
        }
    }

    List<MetricPoint> points() {
        return points;
    }
}
