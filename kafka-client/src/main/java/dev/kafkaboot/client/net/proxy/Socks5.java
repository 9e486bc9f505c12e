package dev.kafkaboot.client.net.proxy;

import dev.kafkaboot.client.proxy.ProxyCredentials;
import dev.kafkaboot.client.proxy.ProxyException;
import dev.kafkaboot.client.proxy.ProxyExchange;
import dev.kafkaboot.client.proxy.ProxyProtocol;
import dev.kafkaboot.client.proxy.ProxyTarget;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** SOCKS version 5 (RFC 1928), without authentication or with user name and password (RFC 1929). */
enum Socks5 implements ProxyProtocol {
    /** The client looks up the broker's name, and each address is tried through the proxy. */
    CLIENT_RESOLVES("socks5", false),

    /** The proxy looks up the broker's name. */
    PROXY_RESOLVES("socks5h", true);

    private static final int PORT = 1080; // of the RFC
    private static final int FIELD_MAX = 255; // its length is one byte

    private final String scheme;
    private final boolean proxyResolves;

    Socks5(String scheme, boolean proxyResolves) {
        this.scheme = scheme;
        this.proxyResolves = proxyResolves;
    }

    @Override
    public String scheme() {
        return scheme;
    }

    @Override
    public int defaultPort() {
        return PORT;
    }

    @Override
    public boolean resolvesNames() {
        return proxyResolves;
    }

    @Override
    public @Nullable String objection(@Nullable ProxyCredentials credentials) {
        if (credentials == null) {
            return null;
        }
        int user = credentials.user().getBytes(StandardCharsets.UTF_8).length;
        int password = credentials.password().reveal().getBytes(StandardCharsets.UTF_8).length;
        return user == 0 || user > FIELD_MAX || password > FIELD_MAX
                ? "SOCKS5 takes a user name of 1 to " + FIELD_MAX + " bytes and a password of up to " + FIELD_MAX : null;
    }

    @Override
    public ProxyExchange begin(ProxyTarget target, @Nullable ProxyCredentials credentials) throws ProxyException {
        if (target.address() == null && target.host().length() > FIELD_MAX) {
            throw new ProxyException("cannot be asked for it: a name of more than " + FIELD_MAX + " characters has no room in SOCKS5");
        }
        return new Socks5Exchange(target, credentials);
    }
}
