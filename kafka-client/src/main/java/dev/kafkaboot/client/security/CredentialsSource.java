package dev.kafkaboot.client.security;

/**
 * Where a client gets its user name and password from, for each authentication anew: a secret that is rotated is used from the next connection, or from the next
 * renewal of a session (KIP-368), on. Called off the event loop, so it may block for a while; the time counts as part of setting up the connection. Connections that
 * need credentials while it is being called share its answer. A call that takes longer than two minutes is given up, and what it answers later is dropped.
 */
@FunctionalInterface
public interface CredentialsSource {

    /**
     * The credentials as they are now.
     *
     * @throws dev.kafkaboot.client.AuthenticationException if there are none and will be none: the client gives up
     * @throws Exception if they cannot be had at the moment: the connection is tried again after its back-off
     */
    UserCredentials credentials() throws Exception;
}
