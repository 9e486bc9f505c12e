/**
 * Metrics that brokers ask clients for (KIP-714): what is counted, how it is written, and when it is pushed.
 *
 * <p>It lies above {@code dev.kafkaboot.client.cluster} and below the clients, which give it what they count themselves, as a
 * {@link dev.kafkaboot.client.telemetry.MetricSource}. Start reading at {@link dev.kafkaboot.client.telemetry.ClientTelemetry}, then {@code MetricsPush}, where the
 * protocol is followed.
 */
@NullMarked
package dev.kafkaboot.client.telemetry;

import org.jspecify.annotations.NullMarked;
