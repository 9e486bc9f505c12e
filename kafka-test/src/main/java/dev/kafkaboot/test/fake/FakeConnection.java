package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Frame;
import dev.kafkaboot.protocol.ProtocolException;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.Writer;
import dev.kafkaboot.protocol.message.RequestHeader;
import dev.kafkaboot.protocol.message.ResponseHeader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A broker's end of one connection: bytes in any slices become requests, and answers become bytes.
 *
 * <p>As on a real broker, one request is worked on at a time and the next is read when it has been answered; what cannot be read, or has a version that
 * the broker does not speak, ends the connection.
 */
public final class FakeConnection {

    /** The largest request that is believed (socket.request.max.bytes). */
    private static final int FRAME_BYTES_MAX = 100 * 1024 * 1024;

    private final FakeKafka cluster;
    private final FakeBroker broker;
    private final Peer peer;
    private final long number;
    private final FakeSession session;
    private final ArrayDeque<ByteBuffer> frames = new ArrayDeque<>();
    private ByteBuffer partial = ByteBuffer.allocate(256);
    private @Nullable Exchange<?, ?> current;
    private String softwareName = "";
    private String softwareVersion = "";
    private boolean working;
    private boolean closed;
    private long mutedUntilNanos = Long.MIN_VALUE;

    FakeConnection(FakeKafka cluster, FakeBroker broker, Peer peer, long number) {
        this.cluster = cluster;
        this.broker = broker;
        this.peer = peer;
        this.number = number;
        this.session = new FakeSession(cluster, number);
    }

    /** The broker that the client is connected to. */
    public FakeBroker broker() {
        return broker;
    }

    /** Counts the cluster's connections, from 1. */
    public long number() {
        return number;
    }

    /** Who is at the other end. */
    FakeSession session() {
        return session;
    }

    /** Whether both sides still hold it. */
    public boolean isOpen() {
        return !closed;
    }

    /** What the client says that it is (KIP-511). */
    void software(String name, String version) {
        softwareName = name;
        softwareVersion = version;
    }

    String softwareName() {
        return softwareName;
    }

    String softwareVersion() {
        return softwareVersion;
    }

    /** Takes what the client sent; the buffer's bytes are copied. Does nothing on a closed connection. */
    public void receive(ByteBuffer bytes) {
        if (closed) {
            return;
        }
        append(bytes);
        try {
            cutFrames();
        } catch (ProtocolException malformed) {
            close();
            return;
        }
        work();
    }

    /** The client ended the connection. */
    public void closedByPeer() {
        if (!closed) {
            finish();
        }
    }

    /** The broker ends the connection; what it is working on is not answered. */
    public void close() {
        if (!closed) {
            finish();
            peer.close();
        }
    }

    private void finish() {
        closed = true;
        frames.clear();
        Exchange<?, ?> open = current;
        current = null;
        if (open != null) {
            open.end();
        }
        broker.forget(this);
    }

    private void append(ByteBuffer bytes) {
        if (partial.remaining() < bytes.remaining()) {
            int needed = partial.position() + bytes.remaining();
            partial = ByteBuffer.allocate(Math.max(needed, partial.capacity() * 2)).put(partial.flip());
        }
        partial.put(bytes);
    }

    private void cutFrames() {
        partial.flip();
        while (partial.remaining() >= Frame.SIZE_BYTES) {
            int size = partial.getInt(partial.position());
            if (size < 0 || size > FRAME_BYTES_MAX) {
                throw new ProtocolException("A request claims " + size + " bytes");
            }
            if (partial.remaining() < Frame.SIZE_BYTES + size) {
                break;
            }
            byte[] frame = new byte[size];
            partial.position(partial.position() + Frame.SIZE_BYTES);
            partial.get(frame);
            frames.add(ByteBuffer.wrap(frame));
        }
        partial.compact();
    }

    /** Works off what was read; not recursive, so that any number of requests can be answered at once. */
    private void work() {
        if (working) {
            return;
        }
        working = true;
        try {
            while (!closed && current == null && cluster.nowNanos() >= mutedUntilNanos) {
                ByteBuffer frame = frames.poll();
                if (frame == null) {
                    return;
                }
                begin(frame);
            }
        } finally {
            working = false;
        }
    }

    private void begin(ByteBuffer frame) {
        try {
            Api<?, ?> api = frame.remaining() < Short.BYTES ? null : cluster.apis().find(frame.getShort(0));
            if (api == null || !session.admits(api.key())) {
                close();
                return;
            }
            begin(api, frame);
        } catch (ProtocolException malformed) {
            close();
        }
    }

    private <Q extends RequestMessage<R>, R extends ResponseMessage> void begin(Api<Q, R> api, ByteBuffer frame) {
        ApiKey key = api.key();
        short version = frame.getShort(Short.BYTES);
        boolean spoken = cluster.apis().speaks(broker, key, version);
        Reader in = new Reader(frame);
        RequestHeader header = new RequestHeader();
        Q request = api.newRequest().get();
        if (!spoken) {
            if (key != ApiKey.API_VERSIONS) {
                close();
                return;
            }
            // Answered in version 0, which every client reads, with an error and what is spoken (KIP-511).
            ByteBuffer begin = frame.duplicate();
            int correlationId = begin.getInt(2 * Short.BYTES);
            Exchange<Q, R> exchange = new Exchange<>(this, request, (short) 0, correlationId, null);
            current = exchange;
            exchange.reply(api.failure().of(request, (short) 0, ErrorCode.UNSUPPORTED_VERSION));
            return;
        }
        header.read(in, key.requestHeaderVersion(version));
        request.read(in, version);
        Exchange<Q, R> exchange = new Exchange<>(this, request, version, header.correlationId(), header.clientId());
        current = exchange;
        Intervention<Q, R> intervention = cluster.script().take(exchange);
        if (intervention == null) {
            api.handler().handle(exchange);
        } else {
            intervention.apply(api, exchange);
        }
    }

    /** Called by the exchange. */
    void answered(Exchange<?, ?> exchange, @Nullable ResponseMessage response) {
        if (current != exchange || closed) {
            return;
        }
        current = null;
        if (response != null) {
            peer.send(encode(exchange, response));
        }
        work();
    }

    /** Called by the exchange: sends a part of the answer, and closes. */
    void answeredInPart(Exchange<?, ?> exchange, ResponseMessage response, int bytes) {
        if (current == exchange && !closed) {
            ByteBuffer whole = encode(exchange, response);
            peer.send(whole.limit(Math.min(bytes, whole.limit())));
            close();
        }
    }

    /** Called by the exchange: sends what was made up. */
    void answeredWith(Exchange<?, ?> exchange, byte... bytes) {
        if (current == exchange && !closed) {
            current = null;
            peer.send(ByteBuffer.wrap(bytes.clone()));
            work();
        }
    }

    /** Does something after a pause, if the connection is still open then. */
    void later(Duration pause, Runnable task) {
        cluster.timers().afterNanos(pause.toNanos(), () -> {
            if (!closed) {
                task.run();
            }
        });
    }

    /** Reads no request for a while. */
    void mute(Duration pause) {
        mutedUntilNanos = Math.max(mutedUntilNanos, cluster.nowNanos() + pause.toNanos());
        later(pause, this::work);
    }

    private static ByteBuffer encode(Exchange<?, ?> exchange, ResponseMessage response) {
        Writer out = new Writer();
        out.writeInt(0);
        new ResponseHeader()
                .correlationId(exchange.correlationId())
                .write(out, response.apiKey().responseHeaderVersion(exchange.version()));
        try {
            response.write(out, exchange.version());
        } catch (ProtocolException unwritable) {
            // Not the client's fault, so its connection must not end as if it were.
            throw new IllegalStateException("The answer to " + exchange.request() + " cannot be written", unwritable);
        }
        out.setInt(0, out.size() - Frame.SIZE_BYTES);
        return ByteBuffer.wrap(out.toByteArray());
    }
}
