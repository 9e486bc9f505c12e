package dev.kafkaboot.protocol;

import dev.kafkaboot.protocol.message.RequestHeader;
import dev.kafkaboot.protocol.message.ResponseHeader;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Frames: a size in four bytes, a header, a message. */
public final class Frame {

    /** The bytes of the size in front. */
    public static final int SIZE_BYTES = 4;

    private Frame() {}

    /**
     * Encodes a request with its header and size.
     *
     * @param request the request
     * @param version the version of the request
     * @param correlationId the number that the response will carry
     * @param clientId the client's name, or null
     * @return the frame's buffers in order; record batches are in it by reference
     */
    public static List<ByteBuffer> encode(RequestMessage<?> request, short version, int correlationId, @Nullable String clientId) {
        Writer out = new Writer();
        out.writeInt(0);
        new RequestHeader()
                .requestApiKey(request.apiKey().id())
                .requestApiVersion(version)
                .correlationId(correlationId)
                .clientId(clientId)
                .write(out, request.apiKey().requestHeaderVersion(version));
        request.write(out, version);
        out.setInt(0, out.size() - SIZE_BYTES);
        return out.toBuffers();
    }

    /**
     * Reads the header of a response.
     *
     * @param in a reader at the start of the frame, behind the size
     * @param api the API of the request that it should answer
     * @param version the version of that request
     * @return the correlation id
     */
    public static int readResponseHeader(Reader in, ApiKey api, short version) {
        ResponseHeader header = new ResponseHeader();
        header.read(in, api.responseHeaderVersion(version));
        return header.correlationId();
    }
}
