package dev.kafkaboot.client.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A plain socket on the loop's selector. */
final class NioTransport implements Transport {

    /**
     * At most so much of a heap buffer is offered to the socket at once: the JDK goes through a direct buffer as large as all that it is offered. What it
     * writes it copies there first, again and again for what the socket did not take.
     */
    private static final int HEAP_CHUNK = 128 * 1024;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Handler handler;
    private boolean connected;
    private boolean closed;

    private NioTransport(SocketChannel channel, Selector selector, Handler handler) throws IOException {
        this.channel = channel;
        this.handler = handler;
        this.key = channel.register(selector, 0, this);
    }

    /** Begins to connect; if that fails or succeeds at once, the handler still hears of it later. */
    static NioTransport open(NioEventLoop loop, Selector selector, InetSocketAddress address, SocketOptions options, Handler handler)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            if (options.sendBufferBytes() > 0) {
                channel.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBufferBytes());
            }
            if (options.receiveBufferBytes() > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBufferBytes());
            }
            NioTransport transport = new NioTransport(channel, selector, handler);
            transport.connect(loop, address);
            return transport;
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private void connect(NioEventLoop loop, InetSocketAddress address) {
        try {
            if (channel.connect(address)) {
                loop.execute(this::finishConnect);
            } else {
                key.interestOps(SelectionKey.OP_CONNECT);
            }
        } catch (IOException | RuntimeException failure) {
            loop.execute(() -> abort(failure));
        }
    }

    private void finishConnect() {
        if (closed) {
            return;
        }
        try {
            if (!channel.finishConnect()) {
                return;
            }
        } catch (IOException failure) {
            abort(failure);
            return;
        }
        connected = true;
        key.interestOps(SelectionKey.OP_READ);
        handler.connected();
    }

    /** Passes on what the selector found. */
    void selected() {
        try {
            if (!connected) {
                finishConnect();
                return;
            }
            int ready = key.readyOps();
            if ((ready & SelectionKey.OP_WRITE) != 0) {
                handler.writable();
            }
            if (!closed && (ready & SelectionKey.OP_READ) != 0) {
                handler.readable();
            }
        } catch (CancelledKeyException failure) {
            if (!closed) {
                abort(failure);
            }
        }
    }

    /** Closes, and tells the handler why. */
    void abort(Throwable cause) {
        if (!closed) {
            close();
            handler.closed(cause);
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (target.isDirect() || target.remaining() <= HEAP_CHUNK) {
            return channel.read(target);
        }
        int limit = target.limit();
        try {
            target.limit(target.position() + HEAP_CHUNK);
            return channel.read(target);
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            ByteBuffer source = sources[i];
            if (!source.isDirect() && source.remaining() > HEAP_CHUNK) {
                return writeUpTo(sources, offset, i);
            }
        }
        return channel.write(sources, offset, length);
    }

    /** Writes what comes before a large heap buffer, and that one in chunks for as long as the socket takes them. */
    private long writeUpTo(ByteBuffer[] sources, int offset, int large) throws IOException {
        long written = 0;
        for (int i = offset; i < large; i++) {
            written += sources[i].remaining();
        }
        if (large > offset) {
            long before = channel.write(sources, offset, large - offset);
            if (before < written) {
                return before;
            }
        }
        ByteBuffer source = sources[large];
        int limit = source.limit();
        try {
            while (source.position() < limit) {
                int chunk = Math.min(limit - source.position(), HEAP_CHUNK);
                source.limit(source.position() + chunk);
                int taken = channel.write(source);
                written += taken;
                if (taken < chunk) {
                    break;
                }
            }
        } finally {
            source.limit(limit);
        }
        return written;
    }

    @Override
    public void wantWrite(boolean wanted) {
        interest(SelectionKey.OP_WRITE, wanted);
    }

    @Override
    public void wantRead(boolean wanted) {
        interest(SelectionKey.OP_READ, wanted);
    }

    private void interest(int operation, boolean wanted) {
        if (closed || !connected) {
            return;
        }
        int now = key.interestOps();
        int then = wanted ? now | operation : now & ~operation;
        if (now != then) {
            key.interestOps(then);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        key.cancel();
        try {
            channel.close();
        } catch (IOException ignored) {
            // the descriptor is gone either way
        }
    }
}
