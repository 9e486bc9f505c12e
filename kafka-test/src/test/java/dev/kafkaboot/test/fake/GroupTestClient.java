package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Frame;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A connection to a broker of a fake cluster: encodes requests, and decodes what comes back. */
final class GroupTestClient implements Peer {

    private final FakeConnection connection;
    private final String clientId;
    private final ArrayDeque<Reply<?>> awaited = new ArrayDeque<>();
    private int correlationId;

    GroupTestClient(FakeKafka cluster, int brokerId, String clientId) {
        this.connection = cluster.connect(brokerId, this);
        this.clientId = clientId;
    }

    /** A client of the broker that coordinates a group. */
    static GroupTestClient ofCoordinator(FakeKafka cluster, String groupId, String clientId) {
        return new GroupTestClient(cluster, cluster.coordinators().partitionOf(CoordinatorType.GROUP, groupId).leader(), clientId);
    }

    /** An answer that is here or will be. */
    static final class Reply<R extends ResponseMessage> {

        private final RequestMessage<R> request;
        private final short version;
        private @Nullable R response;

        private Reply(RequestMessage<R> request, short version) {
            this.request = request;
            this.version = version;
        }

        boolean isHere() {
            return response != null;
        }

        R get() {
            if (response == null) {
                throw new AssertionError(request.apiKey() + " is not answered");
            }
            return response;
        }

        private void read(ByteBuffer bytes, int expectedCorrelationId) {
            bytes.getInt();
            Reader in = new Reader(bytes);
            int correlationId = Frame.readResponseHeader(in, request.apiKey(), version);
            if (correlationId != expectedCorrelationId) {
                throw new AssertionError("The answer is to " + correlationId + " and not to " + expectedCorrelationId);
            }
            R read = request.newResponse();
            read.read(in, version);
            response = read;
        }
    }

    /** Sends a request that may be answered later. */
    <R extends ResponseMessage> Reply<R> send(RequestMessage<R> request, int version) {
        Reply<R> reply = new Reply<>(request, (short) version);
        awaited.add(reply);
        for (ByteBuffer part : Frame.encode(request, (short) version, correlationId++, clientId)) {
            connection.receive(part);
        }
        return reply;
    }

    /** Sends a request that is answered at once. */
    <R extends ResponseMessage> R ask(RequestMessage<R> request, int version) {
        return send(request, version).get();
    }

    /** Sends a request of the newest version that is answered at once. */
    <R extends ResponseMessage> R ask(RequestMessage<R> request) {
        return ask(request, request.highestSupportedVersion());
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    /** Ends the connection from this side. */
    void hangUp() {
        connection.closedByPeer();
    }

    @Override
    public void send(ByteBuffer bytes) {
        awaited.remove().read(bytes, correlationId - awaited.size() - 1);
    }

    /** The broker ended the connection: nothing that is awaited will come. */
    @Override
    public void close() {
        awaited.clear();
    }
}
