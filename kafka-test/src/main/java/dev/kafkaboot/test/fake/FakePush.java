package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.PushTelemetryRequest;
import org.jspecify.annotations.Nullable;

/**
 * Metrics that a broker of a {@link FakeKafka} was given.
 *
 * @param brokerId the broker
 * @param clientId the {@code client.id}, or null
 * @param clientInstanceId the client
 * @param subscriptionId the subscription that it answers
 * @param terminating whether the client ends with it
 * @param compressionType how it was compressed, by the numbers of batches
 * @param metrics OpenTelemetry's {@code MetricsData}, decompressed
 * @param nanos when it came, in nanoseconds of whoever drives the cluster
 */
public record FakePush(
        int brokerId, @Nullable String clientId, Uuid clientInstanceId, int subscriptionId, boolean terminating, byte compressionType, Bytes metrics,
        long nanos) {

    static FakePush of(Exchange<?, ?> exchange, PushTelemetryRequest request, byte[] plain, long nanos) {
        return new FakePush(exchange.broker().id(), exchange.clientId(), request.clientInstanceId(), request.subscriptionId(), request.terminating(),
                request.compressionType(), Bytes.wrap(plain), nanos);
    }
}
