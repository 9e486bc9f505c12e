package dev.kafkaboot.client.net;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Frame;
import dev.kafkaboot.protocol.ProtocolException;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.UnsupportedVersionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the requests of one connection into frames and its frames into answers. On the loop only. */
final class RequestCodec {

    private final Node node;
    private int nextCorrelationId;
    private int lastSize;

    RequestCodec(Node node) {
        this.node = node;
    }

    /** The bytes of a request, records by reference. */
    <R extends ResponseMessage> List<ByteBuffer> encode(PendingRequest<R> request, short version) {
        int correlationId = nextCorrelationId;
        RequestMessage<R> message = request.take(version, correlationId);
        List<ByteBuffer> frame = Frame.encode(message, version, correlationId, request.clientId);
        nextCorrelationId = correlationId == Integer.MAX_VALUE ? 0 : correlationId + 1;
        lastSize = 0;
        for (ByteBuffer buffer : frame) {
            lastSize += buffer.remaining();
        }
        return frame;
    }

    /** How many bytes the request had that was encoded last. */
    int lastSize() {
        return lastSize;
    }

    /**
     * Looks whether a frame is the answer to a request.
     *
     * @throws IOException if it is the answer to something else
     */
    static void checkAnswers(PendingRequest<?> request, ByteBuffer frame) throws IOException {
        int answered = frame.getInt(0);
        if (answered != request.correlationId()) {
            throw new ConnectionProblem("answered request " + answered + " where the answer to " + request + " was due");
        }
    }

    /**
     * The answer to a request.
     *
     * @throws IOException if the frame cannot be read, or if there is no memory for what is in it, which is several times as much as its bytes
     */
    <R extends ResponseMessage> R decode(PendingRequest<R> request, ByteBuffer frame) throws IOException {
        try {
            return read(request, frame);
        } catch (ProtocolException malformed) {
            throw new ConnectionProblem("sent an answer to " + request + ", version " + request.version() + ", that cannot be read: "
                    + malformed.getMessage(), malformed);
        } catch (OutOfMemoryError none) { // what was read of it is garbage by now; the loop, and all that live on it, go on
            throw new ConnectionProblem("sent an answer to " + request + " of " + frame.limit() + " bytes, for which there is no memory: "
                    + none.getMessage(), none);
        }
    }

    private static <R extends ResponseMessage> R read(PendingRequest<R> request, ByteBuffer frame) {
        R response = request.response();
        Reader in = new Reader(frame.slice());
        Frame.readResponseHeader(in, request.api, request.version());
        response.read(in, versionOf(request, in.remaining(), frame));
        return response;
    }

    /** A broker that does not know the version of an ApiVersions request answers in version 0 (KIP-511); the error code tells. */
    private static short versionOf(PendingRequest<?> request, int bodySize, ByteBuffer frame) {
        boolean refused = request.api == ApiKey.API_VERSIONS
                && bodySize >= Short.BYTES
                && frame.getShort(frame.limit() - bodySize) == ErrorCode.UNSUPPORTED_VERSION.code();
        return refused ? 0 : request.version();
    }

    /** The failure of a request that the two sides have no version for. */
    UnsupportedVersionException unsupported(ApiKey api, @Nullable BrokerVersions versions) {
        BrokerVersions.Range theirs = versions == null ? null : versions.range(api);
        BrokerVersions.Range ours = new BrokerVersions.Range(api.lowestVersion(), api.highestVersion());
        return new UnsupportedVersionException(api + " cannot be sent to " + Diagnosis.name(node) + ": this client speaks " + ours + ", the broker "
                + (theirs == null ? "does not know it" : "speaks " + theirs));
    }
}
