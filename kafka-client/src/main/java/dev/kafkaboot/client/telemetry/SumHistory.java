package dev.kafkaboot.client.telemetry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What sums were when a broker last took them: what is told where counts are wanted since the push before. A push that fails is told by the next. On the loop. */
final class SumHistory {

    private final Map<MetricPoint.Key, Double> taken = new HashMap<>();
    private final long beganMillis;
    private long takenMillis;

    SumHistory(long nowMillis) {
        beganMillis = nowMillis;
        takenMillis = nowMillis;
    }

    /** From when on sums count. */
    long startMillis(boolean delta) {
        return delta ? takenMillis : beganMillis;
    }

    /** The same points, with what sums have grown by. */
    List<MetricPoint> deltas(List<MetricPoint> points) {
        return points.stream().map(point -> point.kind() == MetricPoint.Kind.GAUGE ? point : point.withValue(growth(point))).toList();
    }

    /** A count that has become less began anew, such as an application may let one do: what it is by now came since. */
    private double growth(MetricPoint sum) {
        double before = taken.getOrDefault(sum.key(), 0.0);
        return sum.value() < before ? sum.value() : sum.value() - before;
    }

    /**
     * A broker has taken points.
     *
     * @param all what there was at the time; what is not among it is forgotten, so that this does not grow
     * @param sent those of them that there was room for
     */
    void taken(List<MetricPoint> all, List<MetricPoint> sent, long millis) {
        taken.keySet().retainAll(all.stream().map(MetricPoint::key).collect(Collectors.toSet()));
        sent.stream().filter(point -> point.kind() == MetricPoint.Kind.SUM).forEach(point -> taken.put(point.key(), point.value()));
        takenMillis = millis;
    }
}
