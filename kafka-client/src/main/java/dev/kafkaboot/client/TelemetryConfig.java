package dev.kafkaboot.client;

import java.util.List;

/** The configuration keys of the metrics that brokers ask for (KIP-714), which count where a broker has a subscription for them. */
public final class TelemetryConfig {

    /** Whether metrics are pushed. */
    public static final ConfigKey<Boolean> ENABLE_METRICS_PUSH = ConfigKey.bool(
            "enable.metrics.push", true,
            "Whether metrics are pushed to brokers that ask for them (KIP-714); brokers without a plug-in that takes them never do.");

    /** Every key, in the order of the reference. */
    public static final List<ConfigKey<?>> KEYS = List.of(ENABLE_METRICS_PUSH);

    private TelemetryConfig() {}
}
