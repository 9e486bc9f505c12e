package dev.kafkaboot.client.telemetry;

/**
 * Metrics that a real broker was given.
 *
 * @param clientId the {@code client.id}
 * @param clientInstanceId the client
 * @param terminating whether it was the last time
 * @param metrics what they are
 */
record ReceivedPush(String clientId, String clientInstanceId, boolean terminating, ReadMetrics metrics) {

    /** This, with what another of the client tells later. */
    ReceivedPush with(ReceivedPush later) {
        return new ReceivedPush(later.clientId, later.clientInstanceId, later.terminating, metrics.with(later.metrics));
    }
}
