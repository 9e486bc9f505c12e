package dev.kafkaboot.benchmarks;

import dev.kafkaboot.protocol.Frame;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One blocking socket to a broker, with nothing around it. */
final class BareSocket implements AutoCloseable {

    private final SocketChannel socket;
    private final ByteBuffer size = ByteBuffer.allocate(Frame.SIZE_BYTES);

    private BareSocket(SocketChannel socket) {
        this.socket = socket;
    }

    /** Connects to the first of some bootstrap addresses. */
    static BareSocket connect(String bootstrap) throws IOException {
        String[] address = bootstrap.split(",", 2)[0].split(":", 2);
        SocketChannel socket = SocketChannel.open(new InetSocketAddress(address[0], Integer.parseInt(address[1])));
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return new BareSocket(socket);
    }

    /** Writes all of some buffers, which stay as they are. */
    void write(List<ByteBuffer> parts) throws IOException {
        for (ByteBuffer part : parts) {
            for (ByteBuffer rest = part.duplicate(); rest.hasRemaining();) {
                socket.write(rest);
            }
        }
    }

    /** Reads a whole frame, into a buffer if it is large enough, or else into a new one; it is ready to be read from. */
    ByteBuffer readFrame(@Nullable ByteBuffer into) throws IOException {
        int length = read(size.clear()).getInt();
        ByteBuffer target = into != null && into.capacity() >= length ? into : ByteBuffer.allocateDirect(length);
        return read(target.clear().limit(length));
    }

    private ByteBuffer read(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (socket.read(target) < 0) {
                throw new EOFException("The broker closed the connection");
            }
        }
        return target.flip();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
