package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ProxyConfig;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.SocketOptions;
import dev.kafkaboot.client.net.Transport;
import dev.kafkaboot.client.net.TransportFactory;
import java.net.InetSocketAddress;

/** Puts TLS on top of other transports. One factory serves one event loop. */
public final class TlsTransports {

    private TlsTransports() {}

    /**
     * A layer of TLS as the configuration has it ({@link dev.kafkaboot.client.SslConfig}).
     *
     * @throws dev.kafkaboot.client.ConfigException if keys or trust cannot be used as they are configured; it tells all of what is wrong
     */
    public static TransportFactory of(ClientConfig config, TransportFactory below) {
        return of(SslSettings.of(config), below);
    }

    /**
     * A layer of TLS to a proxy, by the same settings.
     *
     * @throws dev.kafkaboot.client.ConfigException as {@link #of} does
     */
    public static TransportFactory toProxy(ClientConfig config, TransportFactory below) {
        return of(SslSettings.of(config, ProxyConfig.PROXY_URL.name() + " begins with https"), below);
    }

    static TransportFactory of(TlsSettings settings, TransportFactory below) {
        return new Layer(settings, new SharedContext(settings.source()), below, new RecordBuffers());
    }

    private record Layer(TlsSettings settings, SharedContext contexts, TransportFactory below, RecordBuffers buffers) implements TransportFactory {

        @Override
        public Transport open(EventLoop loop, String host, InetSocketAddress address, SocketOptions options, Transport.Handler handler) {
            TlsTransport transport = new TlsTransport(loop, settings, contexts, host, address.getPort(), buffers, handler);
            transport.over(below.open(loop, host, address, options, transport));
            return transport;
        }

        @Override
        public boolean resolvesNames(String host, int port) {
            return below.resolvesNames(host, port);
        }
    }
}
