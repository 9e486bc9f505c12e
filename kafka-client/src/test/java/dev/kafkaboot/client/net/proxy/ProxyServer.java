package dev.kafkaboot.client.net.proxy;

import dev.kafkaboot.client.net.LoopbackServer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A proxy on the loopback interface that speaks SOCKS5 or HTTP's CONNECT, with user and password if it has them. It sends its own words byte by byte, and knows
 * names that no name service knows.
 */
final class ProxyServer implements AutoCloseable {

    private final Map<String, Integer> names = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final @Nullable String user;
    private final String password;
    private final LoopbackServer server;

    private ProxyServer(boolean isSocks, @Nullable String user, String password, boolean isEncrypted) {
        this.user = user;
        this.password = password;
        this.server = LoopbackServer.start((plain, number) -> {
            Socket socket = isEncrypted ? TlsSide.accept(plain) : plain;
            relay(socket, isSocks ? socks(socket) : http(socket));
        });
    }

    static ProxyServer socks() {
        return new ProxyServer(true, null, "", false);
    }

    static ProxyServer socks(String user, String password) {
        return new ProxyServer(true, user, password, false);
    }

    static ProxyServer http() {
        return new ProxyServer(false, null, "", false);
    }

    static ProxyServer http(String user, String password) {
        return new ProxyServer(false, user, password, false);
    }

    static ProxyServer https() {
        return new ProxyServer(false, null, "", true);
    }

    /** Makes a name known, which is a port of this machine. */
    ProxyServer knows(String name, int port) {
        names.put(name, port);
        return this;
    }

    int port() {
        return server.port();
    }

    /** What it was asked for, as {@code host:port}. */
    List<String> asked() {
        return asked;
    }

    /** Connects to what is asked for: a name that it knows, or an address. */
    private Socket connect(String host, int port) throws IOException {
        asked.add(host + ":" + port);
        Integer known = names.get(host);
        return known == null ? new Socket(InetAddress.getByName(host), port) : new Socket(InetAddress.getLoopbackAddress(), known);
    }

    private static void answer(Socket client, byte... bytes) throws IOException {
        for (byte one : bytes) {
            LoopbackServer.write(client, one);
        }
    }

    private Socket socks(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        in.readByte();
        byte[] methods = in.readNBytes(in.readByte());
        byte method = (byte) (user == null ? 0 : 2);
        if (new String(methods, StandardCharsets.ISO_8859_1).indexOf(method) < 0) {
            answer(client, (byte) 5, (byte) 0xff);
            throw new IOException("no way of authentication in common");
        }
        answer(client, (byte) 5, method);
        if (user != null) {
            in.readByte();
            String given = text(in) + ":" + text(in);
            boolean isRight = given.equals(user + ":" + password);
            answer(client, (byte) 1, (byte) (isRight ? 0 : 1));
            if (!isRight) {
                throw new IOException("wrong password");
            }
        }
        in.readNBytes(3);
        byte type = in.readByte();
        String host = type == 3 ? text(in) : InetAddress.getByAddress(in.readNBytes(type == 1 ? 4 : 16)).getHostAddress();
        try {
            Socket broker = connect(host, in.readUnsignedShort());
            answer(client, (byte) 5, (byte) 0, (byte) 0, (byte) 1, (byte) 127, (byte) 0, (byte) 0, (byte) 1, (byte) 0, (byte) 1);
            return broker;
        } catch (IOException unreachable) {
            answer(client, (byte) 5, (byte) 5, (byte) 0, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
            throw unreachable;
        }
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
    }

    private Socket http(Socket client) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = client.getInputStream().read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
        String token = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        if (user != null && head.indexOf("\r\nProxy-Authorization: Basic " + token + "\r\n") < 0) {
            answer(client, "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"test\"\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            throw new IOException("wrong password");
        }
        String address = head.substring("CONNECT ".length(), head.indexOf(" HTTP/1.1\r\n"));
        int colon = address.lastIndexOf(':');
        try {
            Socket broker = connect(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
            answer(client, "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return broker;
        } catch (IOException unreachable) {
            answer(client, "HTTP/1.1 502 Nobody there\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            throw unreachable;
        }
    }

    /** Passes on what comes on either side, until both have ended. */
    static void relay(Socket client, Socket broker) throws IOException {
        try (broker) {
            broker.setTcpNoDelay(true);
            Thread back = new Thread(() -> {
                try {
                    copy(broker.getInputStream(), client.getOutputStream());
                    client.shutdownOutput();
                } catch (IOException gone) {
                    // the other direction ends too
                }
            }, "proxy-relay");
            back.setDaemon(true);
            back.start();
            copy(client.getInputStream(), broker.getOutputStream());
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
            to.write(buffer, 0, count);
            to.flush();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
