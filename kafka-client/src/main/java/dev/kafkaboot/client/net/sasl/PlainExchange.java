package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.security.SaslContext;
import dev.kafkaboot.client.security.SaslExchange;
import dev.kafkaboot.client.security.UserCredentials;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One message with everything in it, and the broker's word that it is right.
 *
 * <p>User name and password go as they are: to prepare them is the server's part (RFC 4616, 2), and Kafka's brokers do not.
 */
final class PlainExchange implements SaslExchange {

    private final Credentials credentials;
    private final SaslContext context;
    private @Nullable String identity;
    private boolean complete;

    PlainExchange(Credentials credentials, SaslContext context) {
        this.credentials = credentials;
        this.context = context;
    }

    @Override
    public CompletableFuture<byte @Nullable []> respond(byte @Nullable [] challenge) {
        if (challenge == null) {
            return credentials.get(context).thenApply(this::message);
        }
        if (challenge.length > 0 || complete) {
            return CompletableFuture.failedFuture(new AuthenticationException("the broker sent a message where PLAIN has none"));
        }
        complete = true;
        return CompletableFuture.completedFuture(null);
    }

    private byte[] message(UserCredentials found) {
        identity = found.userName();
        String fault = fault(found);
        if (fault != null) {
            throw new AuthenticationException(fault);
        }
        return ("\0" + found.userName() + "\0" + found.password().reveal()).getBytes(StandardCharsets.UTF_8);
    }

    /** What is wrong with credentials, as the end of a sentence about them; null if they can be sent. */
    static @Nullable String fault(UserCredentials credentials) {
        if (credentials.isDelegationToken()) {
            return "delegation tokens are for SCRAM alone";
        }
        if (credentials.userName().isEmpty() || credentials.password().reveal().isEmpty()) {
            return "neither the user name nor the password may be empty";
        }
        return credentials.userName().indexOf('\0') >= 0 || credentials.password().reveal().indexOf('\0') >= 0
                ? "neither the user name nor the password may hold a NUL character"
                : null;
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    @Override
    public @Nullable String identity() {
        return identity;
    }
}
