package dev.kafkaboot.client.net.proxy;

import dev.kafkaboot.client.proxy.ProxyCredentials;
import dev.kafkaboot.client.proxy.ProxyExchange;
import dev.kafkaboot.client.proxy.ProxyProtocol;
import dev.kafkaboot.client.proxy.ProxyTarget;
import org.jspecify.annotations.Nullable;

/** HTTP's CONNECT (RFC 9110, 9.3.6), without authentication or with Basic. The proxy looks up the broker's name. */
enum HttpConnect implements ProxyProtocol {
    /** Spoken in plain text; what is inside the tunnel may be encrypted all the same. */
    PLAIN("http", 1080), // as curl has it; a proxy's port is never 80

    /** TLS to the proxy. */
    OVER_TLS("https", 443); // as curl has it

    private final String scheme;
    private final int defaultPort;

    HttpConnect(String scheme, int defaultPort) {
        this.scheme = scheme;
        this.defaultPort = defaultPort;
    }

    @Override
    public String scheme() {
        return scheme;
    }

    @Override
    public int defaultPort() {
        return defaultPort;
    }

    @Override
    public boolean resolvesNames() {
        return true;
    }

    @Override
    public boolean isEncrypted() {
        return this == OVER_TLS;
    }

    @Override
    public @Nullable String objection(@Nullable ProxyCredentials credentials) {
        return credentials != null && credentials.user().indexOf(':') >= 0
                ? "HTTP's Basic authentication takes no user name with a colon in it" : null;
    }

    @Override
    public ProxyExchange begin(ProxyTarget target, @Nullable ProxyCredentials credentials) {
        return new HttpConnectExchange(target, credentials);
    }
}
