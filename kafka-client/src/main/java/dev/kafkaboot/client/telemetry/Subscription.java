package dev.kafkaboot.client.telemetry;

import dev.kafkaboot.protocol.message.GetTelemetrySubscriptionsResponse;
import java.time.Duration;
import java.util.List;

/**
 * What brokers want of this client.
 *
 * @param id changes with everything else
 * @param compressionTypes what is accepted, the preferred first
 * @param interval how often
 * @param maxBytes how much a push may hold
 * @param delta whether sums count since the push before
 * @param prefixes the beginnings of the metrics' names; none if no metric is wanted
 */
record Subscription(int id, List<Byte> compressionTypes, Duration interval, int maxBytes, boolean delta, List<String> prefixes) {

    /** How often to come if the broker does not say. */
    static final Duration USUAL_INTERVAL = Duration.ofMinutes(5);

    /** What brokers do not let anybody set lower, so that one that is mistaken is not flooded. */
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

    private static final String EVERYTHING = "*";

    static Subscription of(GetTelemetrySubscriptionsResponse told) {
        Duration interval = told.pushIntervalMs() <= 0 ? USUAL_INTERVAL : Duration.ofMillis(told.pushIntervalMs());
        return new Subscription(told.subscriptionId(), List.copyOf(told.acceptedCompressionTypes()),
                interval.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : interval,
                told.telemetryMaxBytes() <= 0 ? Integer.MAX_VALUE : told.telemetryMaxBytes(), told.deltaTemporality(), List.copyOf(told.requestedMetrics()));
    }

    boolean isEmpty() {
        return prefixes.isEmpty();
    }

    /** Whether a metric is wanted. */
    boolean wants(String name) {
        for (String prefix : prefixes) {
            if (prefix.equals(EVERYTHING) || name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
