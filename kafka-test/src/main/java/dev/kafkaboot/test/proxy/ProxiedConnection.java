package dev.kafkaboot.test.proxy;

import dev.kafkaboot.protocol.ApiKey;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One client's connection through the proxy to one broker: two pipes, and what the requests under way are. */
final class ProxiedConnection {

    private static final int API_KEY_AT = 0;
    private static final int VERSION_AT = 2;
    private static final int CORRELATION_ID_AT = 4;

    private final FaultProxy proxy;
    private final String broker;
    private final Socket client;
    private final Socket upstream;
    private final Pipe toBroker;
    private final Pipe toClient;
    private final Addresses addresses;
    private final Map<Integer, FrameInfo> requests = new ConcurrentHashMap<>();
    private final AtomicInteger pipesOpen = new AtomicInteger(2);

    ProxiedConnection(FaultProxy proxy, String broker, Socket client, Socket upstream) throws IOException {
        this.proxy = proxy;
        this.broker = broker;
        this.client = client;
        this.upstream = upstream;
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        this.addresses = new Addresses(FaultProxy.host(), proxy::portFor);
        this.toBroker = new Pipe(this, Direction.TO_BROKER, client, upstream);
        this.toClient = new Pipe(this, Direction.TO_CLIENT, upstream, client);
    }

    void start() {
        toBroker.start();
        toClient.start();
    }

    FaultProxy proxy() {
        return proxy;
    }

    String broker() {
        return broker;
    }

    boolean isStalled() {
        return toBroker.isStalled() || toClient.isStalled();
    }

    /**
     * What a frame is; null if that cannot be told, as of an API that this library does not know.
     *
     * @throws IOException if it is no frame of Kafka's
     */
    @Nullable FrameInfo identify(Direction direction, byte[] frame) throws IOException {
        if (frame.length < Integer.BYTES) {
            throw new IOException("a frame of " + frame.length + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        if (direction == Direction.TO_CLIENT) {
            FrameInfo request = requests.remove(bytes.getInt(0));
            return request == null
                    ? null
                    : new FrameInfo(Direction.TO_CLIENT, broker, request.api(), request.version(), request.correlationId());
        }
        ApiKey api = frame.length < 2 * Integer.BYTES ? null : ApiKey.forId(bytes.getShort(API_KEY_AT));
        if (api == null) {
            return null;
        }
        FrameInfo info = new FrameInfo(Direction.TO_BROKER, broker, api, bytes.getShort(VERSION_AT), bytes.getInt(CORRELATION_ID_AT));
        requests.put(info.correlationId(), info);
        return info;
    }

    /** The frame as the other side is to see it. */
    byte[] translate(@Nullable FrameInfo info, byte[] frame) {
        return info == null || info.direction() == Direction.TO_BROKER ? frame : addresses.rewrite(info, frame);
    }

    void halfClose(Direction direction) {
        try {
            (direction == Direction.TO_BROKER ? upstream : client).shutdownOutput();
        } catch (IOException ended) {
            reset();
        }
    }

    /** Ends both sides at once, so that both see a reset. */
    void reset() {
        reset(client);
        reset(upstream);
        toBroker.stop();
        toClient.stop();
        proxy.ended(this);
    }

    /** A pipe has come to its end in order. */
    void pipeEnded() {
        if (pipesOpen.decrementAndGet() == 0) {
            closeQuietly(client);
            closeQuietly(upstream);
            proxy.ended(this);
        }
    }

    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException ended) {
            // it is closed already
        }
        closeQuietly(socket);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // the descriptor is gone either way
        }
    }
}
