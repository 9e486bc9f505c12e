package dev.kafkaboot.client.telemetry;

import java.util.Map;

/**
 * A metric's value at one time.
 *
 * @param key whose it is
 * @param kind what it means
 * @param value the value; of a sum, since the client began
 * @param description what it is in words; empty where its name says it
 */
record MetricPoint(Key key, Kind kind, double value, String description) {

    MetricPoint(Key key, Kind kind, double value) {
        this(key, kind, value, "");
    }

    MetricPoint withValue(double other) {
        return new MetricPoint(key, kind, other, description);
    }

    /**
     * Which metric it is.
     *
     * @param name its name, with dots
     * @param labels what tells it from others of that name
     */
    record Key(String name, Map<String, String> labels) {}

    /** What the values of a metric are. */
    enum Kind {
        /** A count that only grows. */
        SUM("counter"),
        /** What is now, or was since the last time. */
        GAUGE("gauge");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** What an application calls it. */
        String word() {
            return word;
        }
    }
}
