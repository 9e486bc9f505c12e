package dev.kafkaboot.client.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is written by hand is what OpenTelemetry's own classes read. */
class MetricsDataTest {

    private static MetricPoint point(String name, Map<String, String> labels, MetricPoint.Kind kind, double value) {
        return new MetricPoint(new MetricPoint.Key(name, labels), kind, value);
    }

    @Test
    void whatIsWrittenIsReadByOthers() {
        List<MetricPoint> points = List.of(
                point("made.total", Map.of(), MetricPoint.Kind.SUM, 3),
                point("latency.avg", Map.of("node_id", "node-1"), MetricPoint.Kind.GAUGE, 1.5),
                point("latency.avg", Map.of("node_id", "node-2"), MetricPoint.Kind.GAUGE, -0.25));

        ReadMetrics read = ReadMetrics.of(MetricsData.of(points, new MetricsData.Frame(Map.of("group_id", "ümlaut"), true, 1_000, 3_500)));

        assertThat(read.labels()).isEqualTo(Map.of("group_id", "ümlaut"));
        assertThat(read.metrics()).containsOnlyKeys("made.total", "latency.avg");
        assertThat(read.metric("made.total").kind()).isEqualTo("MONOTONIC DELTA");
        assertThat(read.metric("made.total").values()).isEqualTo(Map.of(Map.of(), 3.0));
        assertThat(read.metric("made.total").spans()).isEqualTo(Map.of(Map.of(), 2_500_000_000L));
        assertThat(read.metric("latency.avg").kind()).isEqualTo("GAUGE");
        assertThat(read.metric("latency.avg").values()).isEqualTo(Map.of(Map.of("node_id", "node-1"), 1.5, Map.of("node_id", "node-2"), -0.25));
    }

    @Test
    void messageMayBeLongerThanItsFirstBuffer() {
        String label = "x".repeat(100_000);

        ReadMetrics read = ReadMetrics.of(MetricsData.of(
                List.of(point("n", Map.of("label", label), MetricPoint.Kind.SUM, 1)), new MetricsData.Frame(Map.of(), false, 0, 1)));

        assertThat(read.metric("n").kind()).isEqualTo("MONOTONIC CUMULATIVE");
        assertThat(read.metric("n").values()).containsOnlyKeys(Map.of("label", label));
    }
}
