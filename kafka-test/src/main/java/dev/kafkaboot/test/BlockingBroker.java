package dev.kafkaboot.test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one broker that asks and waits, for the little that the test kit itself has to know.
 *
 * <p>It writes by hand, in versions without tagged fields, what its callers need: so a defect in the messages or the client under
 * test can never hide in the tool that is to find it.
 */
final class BlockingBroker implements AutoCloseable {

    /** The largest answer that is believed: nothing that is asked here comes near it. */
    private static final int MAX_ANSWER = 16 << 20;

    private static final String CLIENT_ID = "real-kafka";

    private final int id;
    private final Socket socket = new Socket();
    private int correlationId;

    /** Connects, within the given time; each later answer may take as long again. */
    BlockingBroker(RealBroker broker, Duration timeout) throws IOException {
        id = broker.id();
        int millis = (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE));
        try {
            socket.connect(new InetSocketAddress(broker.host(), broker.port()), millis);
            socket.setSoTimeout(millis);
            socket.setTcpNoDelay(true);
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /** The broker's node id. */
    int id() {
        return id;
    }

    /** Sends one request and returns the body of its answer, for versions with header version 1 of the request and 0 of the response. */
    DataInputStream ask(int apiKey, int version, Body body) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(request);
        out.writeShort(apiKey);
        out.writeShort(version);
        out.writeInt(++correlationId);
        writeString(out, CLIENT_ID);
        body.writeTo(out);
        DataOutputStream frame = new DataOutputStream(socket.getOutputStream());
        ByteArrayOutputStream sized = new ByteArrayOutputStream();
        new DataOutputStream(sized).writeInt(request.size());
        request.writeTo(sized);
        frame.write(sized.toByteArray());
        return answer();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Writes a string with its length; null is a length of -1. */
    static void writeString(DataOutputStream out, @Nullable String value) throws IOException {
        if (value == null) {
            out.writeShort(-1);
            return;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    /** Reads what {@link #writeString} writes. */
    static @Nullable String readString(DataInputStream in) throws IOException {
        int length = in.readShort();
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("a string of " + length + " bytes, and only " + bytes.length + " remain");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private DataInputStream answer() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int size = in.readInt();
        if (size < Integer.BYTES || size > MAX_ANSWER) {
            throw new IOException("an answer of " + size + " bytes: this is no Kafka listener");
        }
        byte[] frame = new byte[size];
        in.readFully(frame);
        DataInputStream body = new DataInputStream(new ByteArrayInputStream(frame));
        int answered = body.readInt();
        if (answered != correlationId) {
            throw new IOException("answer " + answered + " to request " + correlationId);
        }
        return body;
    }

    /** Writes the fields of a request. */
    interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }
}
