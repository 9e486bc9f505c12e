package dev.kafkaboot.test;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A connection that can ask for nothing but ApiVersions, written by hand so that it depends on nothing that is tested. */
final class RawConnection implements AutoCloseable {

    private static final int API_VERSIONS = 18;
    private static final int LONG_ENOUGH_MILLIS = 30_000;

    private final Socket socket = new Socket();

    RawConnection(RealBroker broker) throws IOException {
        socket.connect(new InetSocketAddress(broker.host(), broker.port()), LONG_ENOUGH_MILLIS);
        socket.setSoTimeout(LONG_ENOUGH_MILLIS);
    }

    void ask() throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(10);
        out.writeShort(API_VERSIONS);
        out.writeShort(0);
        out.writeInt(42);
        out.writeShort(-1);
        out.flush();
    }

    /** Reads the answer and returns its error code. */
    short answer() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return (short) ((frame[4] << 8) | (frame[5] & 0xff));
    }

    /** Reads the answer, if it begins to come in time. */
    short answerWithin(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return answer();
        } finally {
            socket.setSoTimeout(LONG_ENOUGH_MILLIS);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
