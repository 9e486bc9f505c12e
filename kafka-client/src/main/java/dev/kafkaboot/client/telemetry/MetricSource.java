package dev.kafkaboot.client.telemetry;

/** Somebody who counts something. Asked on the loop each time that metrics are pushed; must return at once. */
@FunctionalInterface
public interface MetricSource {

    /**
     * Tells what was counted. Gauges are about the time since the call before, sums about all of the time.
     *
     * @param report takes it
     * @param nowNanos the loop's clock
     */
    void tell(MetricReport report, long nowNanos);
}
