package dev.kafkaboot.client.security;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One authentication, from the client's first message to the broker's last. Used on the loop only. */
public interface SaslExchange {

    /**
     * Answers the broker.
     *
     * @param challenge what the broker sent; null for the first message, which the client begins with
     * @return completes on the loop: with what is sent next, or with null if nothing is, because the exchange is complete; with an
     *     {@link dev.kafkaboot.client.AuthenticationException} if there is no sense in going on, or if there are no credentials
     */
    CompletableFuture<byte @Nullable []> respond(byte @Nullable [] challenge);

    /** Whether the client has all that it needs to trust the broker; if it is false when the broker ends the exchange, the broker is not trusted. */
    boolean isComplete();

    /** Who is being authenticated, once that is known; for messages, and to tell whether a connection can be authenticated again. Null if it is not known. */
    default @Nullable String identity() {
        return null;
    }
}
