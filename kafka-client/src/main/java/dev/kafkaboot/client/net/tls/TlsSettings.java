package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.security.SslContextSource;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken.
 *
 * @param source where keys and trust come from
 * @param hasKey whether the configuration says of a certificate of the client; true if the program has a context of its own, of which this is not known
 * @param protocols the versions that are offered
 * @param cipherSuites the cipher suites that are offered; empty for the JVM's
 * @param checksNames whether a certificate must be for the name that was connected to
 * @param because what says that TLS is to be spoken, for messages
 */
record TlsSettings(
        SslContextSource source, boolean hasKey, List<String> protocols, List<String> cipherSuites, boolean checksNames, String because) {

    /** Makes the engine of one connection, ready to begin: it has made its keys for the handshake. May block. */
    SSLEngine newEngine(SSLContext context, String host, int port) throws SSLException {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        SSLEngine engine = context.createSSLEngine(name, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols.toArray(String[]::new));
        if (!cipherSuites.isEmpty()) {
            parameters.setCipherSuites(cipherSuites.toArray(String[]::new));
        }
        parameters.setEndpointIdentificationAlgorithm(checksNames ? "HTTPS" : null);
        SNIHostName indication = indication(name);
        parameters.setServerNames(indication == null ? List.of() : List.of(indication)); // of itself the JVM leaves out names without a dot
        try {
            engine.setSSLParameters(parameters);
        } catch (IllegalArgumentException unsupported) {
            throw new SSLException(unsupported.getMessage(), unsupported);
        }
        engine.beginHandshake();
        return engine;
    }

    /** What the server is told of the name it is called by; null for an address (RFC 6066), and for what is no name by the rules of DNS. */
    static @Nullable SNIHostName indication(String name) {
        if (isAddress(name)) {
            return null;
        }
        try {
            return new SNIHostName(name);
        } catch (IllegalArgumentException noLegalName) {
            return null;
        }
    }

    private static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || name.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }
}
