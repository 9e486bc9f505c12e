package dev.kafkaboot.client.telemetry;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;

/**
 * A metric of the application itself, which is pushed to brokers with a client's own once it is {@link ApplicationMetrics#register registered} with that
 * (KIP-1076). Immutable.
 */
public final class ApplicationMetric {

    /** OpenTelemetry's syntax for the names of instruments. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.\\-/]{0,254}");

    private final String name;
    private final String description;
    private final Map<String, String> labels;
    private final MetricPoint.Kind kind;
    private final DoubleSupplier value;

    private ApplicationMetric(String name, String description, Map<String, String> labels, MetricPoint.Kind kind, DoubleSupplier value) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no name of a metric: a letter is needed, then at most 254 letters, digits and any of _ . - /");
        }
        this.name = name;
        this.description = description;
        this.labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        this.kind = kind;
        this.value = Objects.requireNonNull(value, "value");
    }

    /**
     * A value that may grow and shrink.
     *
     * @param name by which the operator asks for it, such as {@code shop.orders.open}
     * @param value asked for each push, on a thread where it may block; no number ({@link Double#NaN}) leaves the metric out of that push
     * @throws IllegalArgumentException if the name is not one of OpenTelemetry's
     */
    public static ApplicationMetric gauge(String name, DoubleSupplier value) {
        return new ApplicationMetric(name, "", Map.of(), MetricPoint.Kind.GAUGE, value);
    }

    /**
     * A count that only grows. Where the broker wants to know what has happened since the push before, the difference is told.
     *
     * @param name by which the operator asks for it, such as {@code shop.orders.total}
     * @param value what was counted by now, asked for each push on a thread where it may block; less than before means that the count began anew
     * @throws IllegalArgumentException if the name is not one of OpenTelemetry's
     */
    public static ApplicationMetric counter(String name, DoubleSupplier value) {
        return new ApplicationMetric(name, "", Map.of(), MetricPoint.Kind.SUM, value);
    }

    /** The same with words on what it is. */
    public ApplicationMetric describedAs(String text) {
        return new ApplicationMetric(name, text, labels, kind, value);
    }

    /** The same with one more label, which tells it from others of its name; replaces the one of that key. */
    public ApplicationMetric label(String key, String text) {
        Map<String, String> more = new TreeMap<>(labels);
        more.put(key, text);
        return new ApplicationMetric(name, description, more, kind, value);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    MetricPoint.Key key() {
        return new MetricPoint.Key(name, labels);
    }

    MetricPoint.Kind kind() {
        return kind;
    }

    /** What it is now. The application's code runs in here. */
    MetricPoint take() {
        return new MetricPoint(key(), kind, value.getAsDouble(), description);
    }

    @Override
    public String toString() {
        return labels.isEmpty() ? name : name + labels;
    }
}
