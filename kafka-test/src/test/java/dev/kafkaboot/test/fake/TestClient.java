package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Frame;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A client of one broker of a {@link FakeKafka}, for tests: it encodes requests, and decodes what comes back.
 *
 * <p>{@link #ask} is for a request that is answered at once, {@link #send} for one that is kept: its {@link Reply} gets here when the test moves time or
 * does what the broker waits for.
 */
final class TestClient implements Peer {

    private static final String CLIENT_ID = "test-client";

    private final FakeKafka cluster;
    private final FakeConnection connection;
    private final String clientId;
    private final ArrayDeque<Reply<?>> awaited = new ArrayDeque<>();
    private int correlationId;
    private boolean closed;

    /** A client that is connected to a broker. */
    TestClient(FakeKafka cluster, int brokerId) {
        this(cluster, brokerId, CLIENT_ID);
    }

    /** A client of a name of its own. */
    TestClient(FakeKafka cluster, int brokerId, String clientId) {
        this.cluster = cluster;
        this.clientId = clientId;
        this.connection = cluster.connect(brokerId, this);
    }

    /** A client of the broker that coordinates a group. */
    static TestClient ofCoordinator(FakeKafka cluster, String groupId, String clientId) {
        return new TestClient(cluster, cluster.coordinators().partitionOf(CoordinatorType.GROUP, groupId).leader(), clientId);
    }

    /** Asks, and expects the answer at once. */
    <R extends ResponseMessage> R ask(RequestMessage<R> request, int version) {
        return send(request, version).get();
    }

    /** Asks in the newest version that is not a draft, and expects the answer at once. */
    <R extends ResponseMessage> R ask(RequestMessage<R> request) {
        return ask(request, request.apiKey().highestVersion());
    }

    /** Asks, whether or not the broker answers at once. */
    <R extends ResponseMessage> Reply<R> send(RequestMessage<R> request, int version) {
        Reply<R> reply = new Reply<>(request.apiKey(), (short) version, ++correlationId, request.newResponse());
        awaited.add(reply);
        transmit(request, version);
        return reply;
    }

    /** Sends what is never answered, such as a Produce with acks=0. */
    void tell(RequestMessage<?> request, int version) {
        correlationId++;
        transmit(request, version);
    }

    private void transmit(RequestMessage<?> request, int version) {
        for (ByteBuffer part : Frame.encode(request, (short) version, correlationId, clientId)) {
            connection.receive(part);
        }
    }

    /** Lets time pass on the whole cluster. */
    void pass(long millis) {
        cluster.advanceTo(cluster.nowNanos() + millis * 1_000_000);
    }

    /** Whether the broker ended the connection. */
    boolean isClosed() {
        return closed;
    }

    /** The broker's end of the connection. */
    FakeConnection connection() {
        return connection;
    }

    /** Ends the connection. */
    void disconnect() {
        connection.closedByPeer();
    }

    @Override
    public void send(ByteBuffer bytes) {
        if (awaited.isEmpty()) {
            throw new AssertionError("The broker answered a request that wants no answer");
        }
        awaited.remove().read(bytes);
    }

    @Override
    public void close() {
        closed = true;
    }

    /** What a request is answered with, sooner or later. */
    static final class Reply<R extends ResponseMessage> {

        private final ApiKey api;
        private final short version;
        private final int correlationId;
        private final R empty;
        private @Nullable R response;

        private Reply(ApiKey api, short version, int correlationId, R empty) {
            this.api = api;
            this.version = version;
            this.correlationId = correlationId;
            this.empty = empty;
        }

        private void read(ByteBuffer frame) {
            int size = frame.getInt();
            if (size != frame.remaining()) {
                throw new AssertionError("The frame claims " + size + " bytes and has " + frame.remaining());
            }
            Reader in = new Reader(frame);
            int answered = Frame.readResponseHeader(in, api, version);
            if (answered != correlationId) {
                throw new AssertionError("Request " + correlationId + " was to be answered, and " + answered + " was");
            }
            empty.read(in, version);
            if (in.remaining() != 0) {
                throw new AssertionError(in.remaining() + " bytes follow the response");
            }
            response = empty;
        }

        /** Whether it is here. */
        boolean isHere() {
            return response != null;
        }

        /** The response, which must be here. */
        R get() {
            if (response == null) {
                throw new AssertionError("The broker has not answered " + api + " (version " + version + ")");
            }
            return response;
        }
    }
}
