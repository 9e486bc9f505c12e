package dev.kafkaboot.client.net;

import java.net.InetSocketAddress;

/**
 * Opens the byte channel of a connection: the place where proxies and TLS come in.
 *
 * <p>A layer opens the transport below it with a handler of its own and hands out a transport of its own; {@link Transport.Handler#connected()}
 * of the connection's handler is called when the layer is ready for Kafka's bytes (tunnel open, TLS handshake done). Called on the loop.
 */
@FunctionalInterface
public interface TransportFactory {

    /** A plain socket. */
    TransportFactory PLAIN = (loop, host, address, options, handler) -> loop.connect(address, options, handler);

    /**
     * Begins to open a channel.
     *
     * @param host the broker's name as it is configured or advertised, which certificates are checked against
     * @param address where to connect to; unresolved if {@link #resolvesNames}
     * @param handler hears of the outcome later, never within this call
     */
    Transport open(EventLoop loop, String host, InetSocketAddress address, SocketOptions options, Transport.Handler handler);

    /** Whether the name of a host is looked up by someone else (a proxy), so that the client must not do it. */
    default boolean resolvesNames(String host, int port) {
        return false;
    }
}
