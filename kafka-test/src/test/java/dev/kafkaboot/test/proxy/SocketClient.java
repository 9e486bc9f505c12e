package dev.kafkaboot.test.proxy;

import dev.kafkaboot.protocol.Frame;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;

/** A client that sees each byte: it sends requests on one socket and reads the answers, or what comes of them, in its own time. */
final class SocketClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private int correlationId;

    SocketClient(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    Socket socket() {
        return socket;
    }

    /** Sends a request; answers its correlation id. */
    int send(RequestMessage<?> request) throws IOException {
        correlationId++;
        for (ByteBuffer part : Frame.encode(request, request.highestSupportedVersion(), correlationId, "socket-client")) {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            socket.getOutputStream().write(bytes);
        }
        return correlationId;
    }

    /** Reads the answer to the request that was sent last. */
    <R extends ResponseMessage> R receive(RequestMessage<R> request) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        Reader reader = new Reader(ByteBuffer.wrap(frame));
        Frame.readResponseHeader(reader, request.apiKey(), request.highestSupportedVersion());
        R response = request.newResponse();
        response.read(reader, request.highestSupportedVersion());
        return response;
    }

    <R extends ResponseMessage> R ask(RequestMessage<R> request) throws IOException {
        send(request);
        return receive(request);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
