package dev.kafkaboot.client.net.proxy;

import dev.kafkaboot.client.net.AddressHistory;
import dev.kafkaboot.client.net.BrokerNames;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.SocketOptions;
import dev.kafkaboot.client.net.Transport;
import dev.kafkaboot.client.net.TransportFactory;
import dev.kafkaboot.client.proxy.ProxyException;
import dev.kafkaboot.client.proxy.ProxyExchange;
import java.net.InetSocketAddress;

/** Opens connections through a proxy, but for hosts that are reached without it. On the loop only. */
final class ProxiedTransports implements TransportFactory {

    private final ProxyUrl url;
    private final Bypass bypass;
    private final BrokerNames names;
    private final TransportFactory toProxy;
    private final TransportFactory directly;
    private final AddressHistory history = new AddressHistory();

    ProxiedTransports(ProxyUrl url, Bypass bypass, BrokerNames names, TransportFactory toProxy, TransportFactory directly) {
        this.url = url;
        this.bypass = bypass;
        this.names = names;
        this.toProxy = toProxy;
        this.directly = directly;
    }

    @Override
    public boolean resolvesNames(String host, int port) {
        return bypass.matches(host, port) ? directly.resolvesNames(host, port) : url.protocol().resolvesNames();
    }

    @Override
    public Transport open(EventLoop loop, String host, InetSocketAddress address, SocketOptions options, Transport.Handler handler) {
        if (bypass.matches(address.getHostString(), address.getPort())) {
            return directly.open(loop, host, address, options, handler);
        }
        Tunnel tunnel = new Tunnel(this, loop, address, options, handler);
        tunnel.start();
        return tunnel;
    }

    ProxyUrl url() {
        return url;
    }

    /** How the proxy's own name becomes addresses. */
    BrokerNames names() {
        return names;
    }

    /** Which of the proxy's addresses did not work. */
    AddressHistory history() {
        return history;
    }

    /** Opens a connection to the proxy. */
    Transport connect(EventLoop loop, InetSocketAddress proxy, SocketOptions options, Transport.Handler handler) {
        return toProxy.open(loop, url.host(), proxy, options, handler);
    }

    /** Begins to ask the proxy for a broker. */
    ProxyExchange ask(InetSocketAddress target) throws ProxyException {
        return url.protocol().begin(ProxyTargets.of(target), url.credentials());
    }
}
