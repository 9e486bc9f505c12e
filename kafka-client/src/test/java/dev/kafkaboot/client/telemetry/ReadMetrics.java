package dev.kafkaboot.client.telemetry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.shaded.com.google.protobuf.InvalidProtocolBufferException;
import org.apache.kafka.shaded.io.opentelemetry.proto.common.v1.KeyValue;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Metric;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ScopeMetrics;

/**
 * Metrics as OpenTelemetry's own classes read them, which Apache's client has inside.
 *
 * @param labels of the client
 * @param metrics by their names
 */
record ReadMetrics(Map<String, String> labels, Map<String, ReadMetric> metrics) {

    /**
     * A metric.
     *
     * @param kind the kind of its values
     * @param description what it is in words
     * @param values by their labels
     * @param spans how many nanoseconds each is about, by its labels
     */
    record ReadMetric(String kind, String description, Map<Map<String, String>, Double> values, Map<Map<String, String>, Long> spans) {}

    static ReadMetrics of(byte[] bytes) {
        Map<String, String> labels = new TreeMap<>();
        Map<String, ReadMetric> metrics = new TreeMap<>();
        try {
            for (ResourceMetrics resource : MetricsData.parseFrom(bytes).getResourceMetricsList()) {
                labels.putAll(labels(resource.getResource().getAttributesList()));
                for (ScopeMetrics scope : resource.getScopeMetricsList()) {
                    scope.getMetricsList().forEach(metric -> add(metrics, metric));
                }
            }
        } catch (InvalidProtocolBufferException wrong) {
            throw new AssertionError("Not OpenTelemetry's MetricsData", wrong);
        }
        return new ReadMetrics(labels, metrics);
    }

    private static void add(Map<String, ReadMetric> metrics, Metric metric) {
        ReadMetric read = metrics.computeIfAbsent(metric.getName(), name -> new ReadMetric(
                kind(metric), metric.getDescription(), new LinkedHashMap<>(), new LinkedHashMap<>()));
        List<NumberDataPoint> points = metric.hasSum() ? metric.getSum().getDataPointsList() : metric.getGauge().getDataPointsList();
        for (NumberDataPoint point : points) {
            Map<String, String> labels = labels(point.getAttributesList());
            read.values.put(labels, point.hasAsInt() ? (double) point.getAsInt() : point.getAsDouble());
            read.spans.put(labels, point.getTimeUnixNano() - point.getStartTimeUnixNano());
        }
    }

    private static String kind(Metric metric) {
        if (!metric.hasSum()) {
            return metric.getDataCase().toString();
        }
        boolean isDelta = metric.getSum().getAggregationTemporality() == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
        return (metric.getSum().getIsMonotonic() ? "MONOTONIC " : "") + (isDelta ? "DELTA" : "CUMULATIVE");
    }

    private static Map<String, String> labels(List<KeyValue> attributes) {
        Map<String, String> labels = new TreeMap<>();
        attributes.forEach(attribute -> labels.put(attribute.getKey(), attribute.getValue().getStringValue()));
        return labels;
    }

    /** These, with others in the place of those that have their names. */
    ReadMetrics with(ReadMetrics later) {
        Map<String, String> allLabels = new TreeMap<>(labels);
        allLabels.putAll(later.labels);
        Map<String, ReadMetric> all = new TreeMap<>(metrics);
        all.putAll(later.metrics);
        return new ReadMetrics(allLabels, all);
    }

    ReadMetric metric(String name) {
        ReadMetric found = metrics.get(name);
        if (found == null) {
            throw new AssertionError("There is no " + name + " among " + metrics.keySet());
        }
        return found;
    }

    /** The value of a metric that has one. */
    double value(String name) {
        return metric(name).values.values().iterator().next();
    }
}
