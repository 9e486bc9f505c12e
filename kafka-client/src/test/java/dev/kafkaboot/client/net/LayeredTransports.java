package dev.kafkaboot.client.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plain channels under a layer like TLS, as far as its end goes: it holds back what it took, and calls an end
 * of the stream a cut. On the loop only. */
final class LayeredTransports implements TransportFactory {

    private boolean holdsBack;
    private final List<Transport.Handler> handlers = new ArrayList<>();
    private int closed;
    private @Nullable Error writeFailure;

    /** Says from now on that what was taken is not sent, or that it is. */
    void holdBack(boolean holds) {
        holdsBack = holds;
        if (!holds) {
            handlers.forEach(Transport.Handler::writable);
        }
    }

    /** Has the next write fail. */
    void failNextWrite(Error failure) {
        writeFailure = failure;
    }

    /** How many channels were closed. */
    int closed() {
        return closed;
    }

    @Override
    public Transport open(EventLoop loop, String host, InetSocketAddress address, SocketOptions options, Transport.Handler handler) {
        Transport below = TransportFactory.PLAIN.open(loop, host, address, options, handler);
        handlers.add(handler);
        return new Transport() {
            @Override
            public int read(ByteBuffer target) throws IOException {
                int read = below.read(target);
                if (read < 0) {
                    throw ConnectionProblem.cutOff("closed the connection without a word");
                }
                return read;
            }

            @Override
            public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
                Error failure = writeFailure;
                if (failure != null) {
                    writeFailure = null;
                    throw failure;
                }
                return below.write(sources, offset, length);
            }

            @Override
            public boolean hasUnsent() {
                return holdsBack;
            }

            @Override
            public void wantWrite(boolean wanted) {
                below.wantWrite(wanted && !holdsBack);
            }

            @Override
            public void wantRead(boolean wanted) {
                below.wantRead(wanted);
            }

            @Override
            public void close() {
                closed++;
                below.close();
            }
        };
    }
}
