package dev.kafkaboot.client.net;

import dev.kafkaboot.client.Node;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the way to one broker, for health reports. A broker that nothing was sent to yet has no connections and no error.
 *
 * @param broker the broker; bootstrap addresses have negative ids
 * @param readyConnections connections that are ready for requests
 * @param failedAttempts attempts to connect that failed since one last succeeded
 * @param lastError what the last failure said, or null if there was none since the last success
 * @param since when it was last connected or last failed, whichever came later; null if neither has happened
 */
public record BrokerState(Node broker, int readyConnections, int failedAttempts, @Nullable String lastError, @Nullable Instant since) {

    /** Whether there is a connection that is ready for requests. */
    public boolean isConnected() {
        return readyConnections > 0;
    }

    /** Whether the last attempt to reach it failed. */
    public boolean isFailed() {
        return readyConnections == 0 && failedAttempts > 0;
    }
}
