package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Header;
import dev.kafkaboot.client.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record that waits until its topic's partitions are known; its size counts as used memory.
 *
 * @param sinceNanos when it was sent, in nanoseconds of the loop's clock
 */
record ParkedRecord(
        SendFuture future, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value, Headers headers, int size,
        long sinceNanos) {

    /** A record of its own: when {@code send} returns, its caller may use the arrays and the headers again, which serializers hand through. */
    static ParkedRecord copyOf(
            SendFuture future, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value, Headers headers, int size,
            long sinceNanos) {
        return new ParkedRecord(future, partition, copyOf(key), copyOf(value), copyOf(headers), size, sinceNanos);
    }

    private static byte @Nullable [] copyOf(byte @Nullable [] bytes) {
        return bytes == null ? null : bytes.clone();
    }

    private static Headers copyOf(Headers headers) {
        if (headers.isEmpty()) {
            return Headers.none();
        }
        Headers copy = new Headers();
        for (Header header : headers) {
            copy.add(header.key(), copyOf(header.value()));
        }
        return copy;
    }
}
