package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.Frame;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.message.ApiVersionsRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;

/** A connection to one broker that sends any request, of any version, and waits for the answer: no client that would retry, check or mend. */
final class Wire implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private int correlationId;

    Wire(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    <R extends ResponseMessage> R ask(RequestMessage<R> request, int version) throws IOException {
        send(request, version);
        return receive(request, version);
    }

    /** Waits for the answer to the oldest request that has none yet. */
    <R extends ResponseMessage> R receive(RequestMessage<R> request, int version) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        Reader reader = new Reader(ByteBuffer.wrap(frame));
        Frame.readResponseHeader(reader, request.apiKey(), (short) version);
        R response = request.newResponse();
        response.read(reader, (short) version);
        return response;
    }

    /** Sends a request that has no answer. */
    void send(RequestMessage<?> request, int version) throws IOException {
        correlationId++;
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        for (ByteBuffer part : Frame.encode(request, (short) version, correlationId, "conformance")) {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            frame.writeBytes(bytes);
        }
        socket.getOutputStream().write(frame.toByteArray());
    }

    /** Whether the broker still answers. It takes a connection's requests in order, so what it thinks of the one before has shown when it does. */
    boolean isAlive() {
        try {
            ask(new ApiVersionsRequest().clientSoftwareName("conformance").clientSoftwareVersion("1"), 3);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
