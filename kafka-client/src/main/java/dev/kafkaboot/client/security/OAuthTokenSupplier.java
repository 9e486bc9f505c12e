package dev.kafkaboot.client.security;

/**
 * Where OAUTHBEARER gets its tokens from, written by the application ({@code sasl.oauthbearer.token.supplier}). Called off the loop, once at a time for all
 * connections of a client; it may block, and should not for longer than connections may wait. A call that takes longer than two minutes is
 * given up, and what it answers later is dropped.
 */
@FunctionalInterface
public interface OAuthTokenSupplier {

    /**
     * A token that has not expired.
     *
     * @throws dev.kafkaboot.client.AuthenticationException if there is no sense in asking again: the client then fails with it
     * @throws Exception if there is no token now; it is asked again after a back-off
     */
    OAuthToken token() throws Exception;
}
