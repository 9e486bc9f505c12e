package dev.kafkaboot.client.net;

import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.util.concurrent.CompletableFuture;

/**
 * Authenticates a connection after versions were negotiated and before anything else is sent. One instance serves one connection, on the loop.
 */
@FunctionalInterface
public interface Authenticator {

    /** Needs no authentication. */
    Authenticator NONE = exchange -> CompletableFuture.completedFuture(null);

    /**
     * Runs the exchange.
     *
     * @return completes on the loop: normally when the connection may be used, else with the reason, which closes the connection
     */
    CompletableFuture<Void> authenticate(Exchange exchange);

    /** What an authenticator may do with its connection. */
    interface Exchange {

        /** The broker's name as it is configured or advertised. */
        String host();

        /** Sends a request ahead of those that wait for the connection to be ready. */
        <R extends ResponseMessage> CompletableFuture<R> send(RequestMessage<R> request);
    }

    /** Makes the authenticator of each new connection. */
    @FunctionalInterface
    interface Factory {

        /** Makes no use of authentication. */
        Factory NONE = () -> Authenticator.NONE;

        /** An authenticator for one connection. */
        Authenticator create();
    }
}
