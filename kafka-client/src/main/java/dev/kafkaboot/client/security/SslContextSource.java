package dev.kafkaboot.client.security;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/**
 * Where connections get their TLS context from. It is asked for each connection that is made, so that keys and certificates may change while a client runs: a
 * source that answers another context has it used from the next connection on. Called off the loop; it may block, and is best quick when nothing has changed.
 */
@FunctionalInterface
public interface SslContextSource {

    /**
     * The context for the next connection.
     *
     * @throws GeneralSecurityException if the keys or certificates cannot be used; the message says which and why
     * @throws IOException if they cannot be read
     */
    SSLContext context() throws GeneralSecurityException, IOException;
}
