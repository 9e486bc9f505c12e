package dev.kafkaboot.client.net;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.ApiKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Hears what happens on connections; for metrics and logs. Called on the loop, so it must return at once and must not throw. */
public interface ConnectionListener {

    /** Hears nothing. */
    ConnectionListener NONE = new ConnectionListener() {};

    /** A connection is ready for requests. */
    default void connected(Node broker, ConnectionClass connectionClass) {}

    /**
     * A connection that was ready, or was being made, is gone.
     *
     * @param cause why, or null if it was closed on purpose (idle, or the client's end)
     */
    default void disconnected(Node broker, ConnectionClass connectionClass, @Nullable Throwable cause) {}

    /** A request was handed to the socket, size field included. */
    default void requestSent(Node broker, ApiKey api, int bytes) {}

    /** A response was read; {@code latency} counts from the dispatch of the request. */
    default void responseReceived(Node broker, ApiKey api, int bytes, Duration latency) {}

    /** The broker asked to be left alone for a while (KIP-219). */
    default void throttled(Node broker, ApiKey api, Duration time) {}
}
