package dev.kafkaboot.client.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Counts since the push before. */
class SumHistoryTest {

    private final SumHistory history = new SumHistory(1_000);

    private static MetricPoint sum(String name, double value) {
        return new MetricPoint(new MetricPoint.Key(name, Map.of()), MetricPoint.Kind.SUM, value);
    }

    @Test
    void countsOfAPushThatWasNotTakenAreToldByTheNext() {
        history.taken(List.of(sum("made", 2)), List.of(sum("made", 2)), 2_000);

        List<MetricPoint> lost = history.deltas(List.of(sum("made", 5)));
        List<MetricPoint> next = history.deltas(List.of(sum("made", 6)));

        assertThat(lost).containsExactly(sum("made", 3));
        assertThat(next).containsExactly(sum("made", 4));
        assertThat(history.startMillis(/* delta= */ true)).isEqualTo(2_000);
        assertThat(history.startMillis(/* delta= */ false)).isEqualTo(1_000);
    }

    @Test
    void countsThatDidNotFitAreToldByTheNextPush() {
        history.taken(List.of(sum("made", 2), sum("lost", 1)), List.of(sum("made", 2)), 2_000);

        List<MetricPoint> next = history.deltas(List.of(sum("made", 2), sum("lost", 3)));

        assertThat(next).containsExactly(sum("made", 0), sum("lost", 3));
    }
}
