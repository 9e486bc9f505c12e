package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.net.Transport;
import dev.kafkaboot.client.security.SslContextSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A channel of ours and a server of the JVM's, with a channel in memory between them, run by hand. */
final class TlsPair implements Transport.Handler {

    static final List<String> BOTH = List.of("TLSv1.2", "TLSv1.3");

    final ManualLoop loop = new ManualLoop();
    final MemoryChannel channel;
    final TlsServer server;
    final Transport transport;
    final RecordBuffers buffers;

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private ByteBuffer toSend = ByteBuffer.allocate(0);
    private int readSize = 64 * 1024;
    private boolean connected;
    private boolean sawEnd;
    private boolean inside;
    private @Nullable RuntimeException fault;
    private @Nullable Throwable closed;
    private @Nullable IOException broken;

    TlsPair(TlsSettings settings, SSLContext serverContext, String host, MemoryChannel channel) {
        this(settings, serverContext, host, channel, new RecordBuffers());
    }

    TlsPair(TlsSettings settings, SSLContext serverContext, String host, MemoryChannel channel, RecordBuffers buffers) {
        this.buffers = buffers;
        this.channel = channel;
        this.server = new TlsServer(serverContext.createSSLEngine());
        TlsTransport made = new TlsTransport(loop, settings, new SharedContext(settings.source()), host, 9093, buffers, this);
        made.over(channel);
        this.transport = made;
        loop.execute(made::connected);
    }

    /** A pair whose client has a context of its own. */
    static TlsPair of(SSLContext client, SSLContext server, long seed, int largestPiece) {
        return new TlsPair(settings(client, BOTH), server, "broker.example", new MemoryChannel(seed, largestPiece));
    }

    static TlsSettings settings(SSLContext context, List<String> protocols) {
        return settings(() -> context, protocols);
    }

    static TlsSettings settings(SslContextSource source, List<String> protocols) {
        return new TlsSettings(source, true, protocols, List.of(), true, "security.protocol is SSL");
    }

    /** Lets everything happen that can, until nothing does. */
    void run() {
        boolean active = true;
        while (active) {
            boolean ran = loop.runTasks();
            active = loop.runOffloaded() || ran;
            byte[] written = channel.takeWritten();
            if (written.length > 0) {
                server.receive(written);
                active = true;
            }
            byte[] answered = server.takeRecords();
            if (answered.length > 0) {
                channel.arrive(answered);
                active = true;
            }
            if (channel.wantsWrite()) {
                ((TlsTransport) transport).writable();
                active = true;
            }
            if (channel.hasToRead()) {
                ((TlsTransport) transport).readable();
                active = true;
            }
        }
    }

    /** Goes as far as the client goes of itself. */
    void begin() {
        do {
            loop.runTasks();
        } while (loop.runOffloaded());
    }

    /** Runs until the handshake is over, one way or the other. */
    TlsPair shakeHands() {
        run();
        return this;
    }

    /** Sends as the channel takes it. */
    void send(byte[] bytes) {
        toSend = ByteBuffer.wrap(bytes);
        push();
    }

    private void push() {
        try {
            ByteBuffer[] pieces = {toSend.slice(toSend.position(), toSend.remaining() / 2),
                toSend.slice(toSend.position() + toSend.remaining() / 2, toSend.remaining() - toSend.remaining() / 2)};
            toSend.position(toSend.position() + (int) callWithoutEvents(() -> transport.write(pieces, 0, 2)));
            transport.wantWrite(toSend.hasRemaining());
        } catch (IOException failure) {
            broken = failure;
            toSend.position(toSend.limit());
            transport.close();
        }
    }

    private interface Call {
        long run() throws IOException;
    }

    /** No method of a transport may call its handler. */
    private long callWithoutEvents(Call call) throws IOException {
        inside = true;
        try {
            return call.run();
        } finally {
            inside = false;
        }
    }

    /** How much is read at once from now on; 0 for nothing, although the handler is called. */
    void readSize(int bytes) {
        readSize = bytes;
    }

    @Override
    public void connected() {
        checkNotInside();
        connected = true;
    }

    /** Throws each time that there is something to read, from now on. */
    void failWith(RuntimeException failure) {
        fault = failure;
    }

    @Override
    public void readable() {
        checkNotInside();
        if (fault != null) {
            throw fault;
        }
        try {
            ByteBuffer target = ByteBuffer.allocate(readSize);
            int read = (int) callWithoutEvents(() -> transport.read(target));
            received.write(target.array(), 0, target.position());
            if (read < 0) {
                sawEnd = true;
                transport.close();
            }
        } catch (IOException failure) {
            broken = failure;
            transport.close();
        }
    }

    @Override
    public void writable() {
        checkNotInside();
        push();
    }

    @Override
    public void closed(Throwable cause) {
        checkNotInside();
        closed = cause;
    }

    private void checkNotInside() {
        if (inside) {
            throw new AssertionError("The handler was called from within a method of the transport");
        }
    }

    byte[] received() {
        return received.toByteArray();
    }

    boolean isConnected() {
        return connected;
    }

    boolean sawEnd() {
        return sawEnd;
    }

    boolean hasUnsent() {
        return toSend.hasRemaining();
    }

    @Nullable Throwable closedWith() {
        return closed;
    }

    @Nullable IOException brokenWith() {
        return broken;
    }
}
