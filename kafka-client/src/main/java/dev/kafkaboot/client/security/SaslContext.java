package dev.kafkaboot.client.security;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What an exchange may use of the client and must know of its connection. Used on the loop only. */
public interface SaslContext {

    /** The broker's name as it is configured or advertised. */
    String host();

    /** The broker's port. */
    int port();

    /** Whether the connection is encrypted. */
    boolean isEncrypted();

    /** The time of day in milliseconds since 1970. */
    long currentTimeMillis();

    /** Fills an array with bytes that nobody can guess. */
    void fillSecurely(byte[] bytes);

    /** Runs something that may block on another thread; completes on the loop. */
    <T> CompletableFuture<T> offload(Callable<T> work);

    /**
     * Waits for something that may take long, such as credentials from elsewhere, but not until the time is over that the connection has for all of this: what is
     * told then would be that the connection was not set up in time, and not why.
     *
     * @param awaited what is waited for; completes on the loop
     * @param late the failure if it takes too long, made of how long it was waited for
     * @return {@code awaited}, which is failed then
     */
    default <T> CompletableFuture<T> await(CompletableFuture<T> awaited, Function<Duration, ? extends Throwable> late) {
        return awaited;
    }
}
