package dev.kafkaboot.test.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** Where clients of one broker connect. Keeps its port while it does not listen. */
final class ProxyListener {

    private static final int BACKLOG = 128;
    private static final long JOIN_MILLIS = 5_000;

    private final FaultProxy proxy;
    private final String address;
    private final InetSocketAddress broker;
    private final int port;
    private @Nullable ServerSocket socket;
    private Thread acceptor;

    ProxyListener(FaultProxy proxy, String address, InetSocketAddress broker) throws IOException {
        this.proxy = proxy;
        this.address = address;
        this.broker = broker;
        this.socket = open(0);
        this.port = socket.getLocalPort();
        this.acceptor = accept(socket);
    }

    int port() {
        return port;
    }

    synchronized void listen(boolean on) {
        try {
            if (on && socket == null) {
                socket = open(port);
                acceptor = accept(socket);
            } else if (!on && socket != null) {
                socket.close();
                socket = null;
                acceptor.join(JOIN_MILLIS); // the kernel takes connections for as long as a thread is inside accept
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("The proxy cannot " + (on ? "listen" : "stop listening") + " for " + address, e);
        }
    }

    private static ServerSocket open(int port) throws IOException {
        ServerSocket opened = new ServerSocket();
        opened.setReuseAddress(true);
        opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        return opened;
    }

    private Thread accept(ServerSocket listening) {
        return ProxyThreads.start("proxy-" + address, () -> {
            try {
                while (true) {
                    connect(listening.accept());
                }
            } catch (IOException closed) {
                // It listens no more.
            }
        });
    }

    /** A broker that cannot be reached is shown as that: the client's connection is reset. */
    private void connect(Socket client) {
        try {
            Socket upstream = new Socket(broker.getAddress(), broker.getPort());
            ProxiedConnection connection = new ProxiedConnection(proxy, address, client, upstream);
            proxy.opened(connection);
            connection.start();
        } catch (IOException unreachable) {
            ProxiedConnection.reset(client);
        }
    }
}
