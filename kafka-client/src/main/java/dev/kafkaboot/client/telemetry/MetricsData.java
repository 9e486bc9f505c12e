package dev.kafkaboot.client.telemetry;

import java.util.List;
import java.util.Map;

/**
 * OpenTelemetry's message of that name, written by hand: one resource with its labels, one scope, the metrics. The numbers of its fields are those of
 * {@code opentelemetry/proto/metrics/v1/metrics.proto} and its imports, which do not change.
 */
final class MetricsData {

    private static final int DELTA = 1;
    private static final int CUMULATIVE = 2;

    private MetricsData() {}

    /**
     * What is told beside the values.
     *
     * @param labels of the client, for all of them
     * @param delta whether sums count from {@code startMillis}, and not from the client's beginning
     * @param startMillis when what sums count began, in milliseconds since 1970
     * @param nowMillis when the values were taken
     */
    record Frame(Map<String, String> labels, boolean delta, long startMillis, long nowMillis) {}

    /** Writes it. Points of one name become one metric where they follow each other. */
    static byte[] of(List<MetricPoint> points, Frame frame) {
        ProtobufWriter data = new ProtobufWriter();
        data.message(/* resource_metrics */ 1, resourceMetrics -> {
            resourceMetrics.message(/* resource */ 1, resource -> attributes(resource, 1, frame.labels));
            resourceMetrics.message(/* scope_metrics */ 2, scopeMetrics -> metrics(scopeMetrics, points, frame));
        });
        return data.toByteArray();
    }

    private static void metrics(ProtobufWriter scopeMetrics, List<MetricPoint> points, Frame frame) {
        int from = 0;
        while (from < points.size()) {
            int to = from + 1;
            while (to < points.size() && points.get(to).key().name().equals(points.get(from).key().name())) {
                to++;
            }
            List<MetricPoint> ofOneName = points.subList(from, to);
            scopeMetrics.message(/* metrics */ 2, metric -> metric(metric, ofOneName, frame));
            from = to;
        }
    }

    private static void metric(ProtobufWriter metric, List<MetricPoint> points, Frame frame) {
        metric.text(/* name */ 1, points.get(0).key().name());
        String description = points.get(0).description();
        if (!description.isEmpty()) {
            metric.text(/* description */ 2, description);
        }
        switch (points.get(0).kind()) {
            case GAUGE -> metric.message(/* gauge */ 5, gauge -> points.forEach(point -> point(gauge, point, frame)));
            case SUM -> metric.message(/* sum */ 7, sum -> {
                points.forEach(point -> point(sum, point, frame));
                sum.number(/* aggregation_temporality */ 2, frame.delta ? DELTA : CUMULATIVE);
                sum.number(/* is_monotonic */ 3, 1);
            });
        }
    }

    private static void point(ProtobufWriter metric, MetricPoint point, Frame frame) {
        metric.message(/* data_points */ 1, written -> {
            if (point.kind() == MetricPoint.Kind.SUM) {
                written.fixed64(/* start_time_unix_nano */ 2, nanos(frame.startMillis));
            }
            written.fixed64(/* time_unix_nano */ 3, nanos(frame.nowMillis));
            written.real(/* as_double */ 4, point.value());
            attributes(written, 7, point.key().labels());
        });
    }

    private static void attributes(ProtobufWriter owner, int field, Map<String, String> labels) {
        labels.forEach((key, value) -> owner.message(field, attribute -> {
            attribute.text(/* key */ 1, key);
            attribute.message(/* value */ 2, any -> any.text(/* string_value */ 1, value));
        }));
    }

    private static long nanos(long millis) {
        return millis * 1_000_000;
    }
}
