package dev.kafkaboot.client.net;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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
     * @return completes on the loop: when the connection may be used, with the session if that ends before the connection does, or with null; or with the
     *     reason why the connection may not be used, which closes it
     */
    CompletableFuture<@Nullable Session> authenticate(Exchange exchange);

    /** What a connection was authenticated for, if the broker has set an end to it (KIP-368). */
    interface Session {

        /** How long it lasts, from when the broker said so. */
        Duration lifetime();

        /**
         * Authenticates again, before the end. Requests go on until the first one is sent by the exchange, and are held from then on.
         *
         * @return completes on the loop: with the next session, or with null if there is no end any more; with an {@link OtherIdentityException} if that takes
         *     another connection; with any other reason, which closes this one
         */
        CompletableFuture<@Nullable Session> renew(Exchange exchange);
    }

    /** What an authenticator may do with its connection. */
    interface Exchange {

        /** The broker, as it is configured or advertised. */
        Node node();

        /** The broker's name as certificates and Kerberos know it: the advertised one, unless it is a bootstrap address that was made canonical. */
        String host();

        /** What the broker takes. */
        BrokerVersions versions();

        /** The loop that everything here happens on. */
        EventLoop loop();

        /** How long all of it may take; the connection is closed then. */
        Duration limit();

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
