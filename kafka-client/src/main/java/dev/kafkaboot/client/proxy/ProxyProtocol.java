package dev.kafkaboot.client.proxy;

import org.jspecify.annotations.Nullable;

/**
 * A way to ask a proxy for a connection to a broker: what a scheme of {@code proxy.url} stands for. One for all connections of a client. Used on the event loop,
 * so nothing in it may block.
 */
public interface ProxyProtocol {

    /** What {@code proxy.url} begins with, in lower case, such as {@code socks5}. One that is built in is replaced by another of its scheme. */
    String scheme();

    /** The port of a proxy whose URL names none. */
    int defaultPort();

    /** Whether the proxy looks up the broker's name. If it does not, the client does, and each address is tried through the proxy. */
    boolean resolvesNames();

    /** Whether there is TLS between the client and the proxy, before anything that the exchange sends. */
    default boolean isEncrypted() {
        return false;
    }

    /**
     * Says why credentials cannot be used, as the end of a sentence ("the user name must ..."), without a word of the password; null if they can.
     *
     * @param credentials null if the URL has none
     */
    default @Nullable String objection(@Nullable ProxyCredentials credentials) {
        return null;
    }

    /** Begins to ask, on a connection to the proxy that was just opened. */
    ProxyExchange begin(ProxyTarget target, @Nullable ProxyCredentials credentials) throws ProxyException;
}
