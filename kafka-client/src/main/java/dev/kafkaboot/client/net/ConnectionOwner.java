package dev.kafkaboot.client.net;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who made a {@link Connection}, and hears what becomes of it. On the loop. */
interface ConnectionOwner {

    /** It is ready. */
    void ready(Connection connection, BrokerVersions versions);

    /**
     * It is over, and holds nothing any more. Its requests have not been failed yet.
     *
     * @param before the state in which that happened
     * @param cause why, or null if nothing is wrong
     */
    void closed(Connection connection, ConnectionState before, @Nullable Throwable cause);

    /** After {@link #closed}: it was the broker that ended it, in order and with nothing under way. */
    void leftByPeer(Connection connection);

    /** After {@link #closed}: another connection is to take its place and to send what it has not sent. */
    void replaced(Connection connection, List<PendingRequest<?>> unsent);

    /** What is known of the way to its broker, beginning with the broker's name; for messages. */
    String describe(Connection connection);

    /** A request is with the socket. */
    void sent(Connection connection, PendingRequest<?> request, int bytes);

    /** An answer was read. */
    void received(Connection connection, PendingRequest<?> request, int bytes);

    /** The broker asked for a pause. */
    void throttled(Connection connection, PendingRequest<?> request, Duration pause);
}
