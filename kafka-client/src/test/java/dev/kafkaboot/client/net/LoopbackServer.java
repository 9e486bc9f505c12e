package dev.kafkaboot.client.net;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.Writer;
import dev.kafkaboot.protocol.message.ApiVersionsResponse;
import dev.kafkaboot.protocol.message.RequestHeader;
import dev.kafkaboot.protocol.message.ResponseHeader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on the loopback interface that does to each connection what a test says, however wrong. */
public final class LoopbackServer implements AutoCloseable {

    private final ServerSocket server;
    private final Script script;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private LoopbackServer(Script script) throws IOException {
        this.script = script;
        this.server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    }

    /** What is done to a connection; it is closed afterwards. */
    public interface Script {

        /** Does it. */
        void serve(Socket socket, int number) throws Exception;
    }

    /** Starts on a free port. */
    public static LoopbackServer start(Script script) {
        try {
            LoopbackServer server = new LoopbackServer(script);
            Thread acceptor = new Thread(server::accept, "loopback-server");
            acceptor.setDaemon(true);
            acceptor.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                int number = accepted.getAndIncrement();
                Thread thread = new Thread(() -> serve(socket, number), "loopback-connection-" + number);
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            script.serve(socket, number);
        } catch (IOException | InterruptedException gone) {
            // the client closed, or the test is over
        } catch (Exception e) {
            throw new IllegalStateException("The script of a loopback server failed", e);
        } finally {
            sockets.remove(socket);
        }
    }

    /** Where it listens. */
    public int port() {
        return server.getLocalPort();
    }

    /** How many connections were accepted. */
    public int accepted() {
        return accepted.get();
    }

    /** How many connections are open. */
    public int open() {
        return sockets.size();
    }

    @Override
    public void close() throws IOException {
        goDown();
    }

    /** Closes all connections and refuses further ones. */
    public void goDown() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** A request as it came. */
    public record Request(ApiKey api, short version, int correlationId) {}

    /** A request with what is behind its header. */
    public record Received(Request request, Reader body) {}

    public static Request read(Socket socket) throws IOException {
        return receive(socket).request();
    }

    /** Reads a request whose body is of interest. */
    public static Received receive(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        DataInputStream data = new DataInputStream(in);
        byte[] frame = new byte[data.readInt()];
        data.readFully(frame);
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        ApiKey api = ApiKey.forId(buffer.getShort(0));
        if (api == null) {
            throw new IllegalStateException("Unknown request " + buffer.getShort(0));
        }
        short version = buffer.getShort(2);
        RequestHeader header = new RequestHeader();
        Reader body = new Reader(buffer);
        header.read(body, api.requestHeaderVersion(version));
        return new Received(new Request(api, version, header.correlationId()), body);
    }

    public static byte[] frame(Request request, ResponseMessage response) {
        return frame(request.correlationId(), request.api().responseHeaderVersion(request.version()), response, request.version());
    }

    public static byte[] frame(int correlationId, short headerVersion, ResponseMessage response, short version) {
        Writer out = new Writer();
        out.writeInt(0);
        new ResponseHeader().correlationId(correlationId).write(out, headerVersion);
        response.write(out, version);
        out.setInt(0, out.size() - 4);
        return out.toByteArray();
    }

    public static void write(Socket socket, byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Answers whatever is asked with the same. */
    public static void answerAll(Socket socket, ResponseMessage answer) throws IOException {
        while (true) {
            write(socket, frame(read(socket), answer));
        }
    }

    /** Reads until the client closes, and answers nothing. */
    public static void drain(Socket socket) throws IOException {
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    public static byte[] bytes(int... bytes) {
        byte[] converted = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            converted[i] = (byte) bytes[i];
        }
        return converted;
    }

    /** Answers the first request of a connection as a broker would that speaks everything this library does, or less. */
    public static void negotiate(Socket socket, ApiKey... without) throws IOException {
        Request request = read(socket);
        write(socket, frame(request, versions(without)));
    }

    /** Everything, but for what only brokers with a plug-in offer, which no script knows. */
    public static ApiVersionsResponse versions(ApiKey... without) {
        Set<ApiKey> left = EnumSet.of(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, ApiKey.PUSH_TELEMETRY);
        left.addAll(Arrays.asList(without));
        List<ApiVersionsResponse.ApiVersion> ranges = new ArrayList<>();
        for (ApiKey api : ApiKey.values()) {
            if (!left.contains(api)) {
                ranges.add(new ApiVersionsResponse.ApiVersion().apiKey(api.id()).minVersion(api.lowestVersion()).maxVersion(api.highestVersion()));
            }
        }
        return new ApiVersionsResponse().apiKeys(ranges);
    }
}
