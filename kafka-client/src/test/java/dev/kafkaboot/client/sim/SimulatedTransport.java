package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A client's socket. */
final class SimulatedTransport implements Transport {

    private final SimulatedEventLoop loop;
    private final Handler handler;
    private final SplittableRandom random;
    private final ArrayDeque<ByteBuffer> received = new ArrayDeque<>();
    private final OfferedBytes offeredBefore = new OfferedBytes();
    private @Nullable Link link;
    private @Nullable IOException failure;
    private boolean accepted;
    private boolean connected;
    private boolean ended;
    private boolean wantsRead;
    private boolean wantsWrite;
    private boolean closed;

    SimulatedTransport(SimulatedEventLoop loop, Handler handler, SplittableRandom random) {
        this.loop = loop;
        this.handler = handler;
        this.random = random;
    }

    void over(Link given) {
        link = given;
    }

    private Link link() {
        Link known = link;
        if (known == null) {
            throw new IllegalStateException("The transport has no link yet");
        }
        return known;
    }

    // ---- what the network brings

    void opened() {
        if (!closed) {
            accepted = true;
            loop.isReady(this);
        }
    }

    boolean isOpen() {
        return accepted;
    }

    void received(byte[] bytes) {
        if (!closed) {
            received.add(ByteBuffer.wrap(bytes));
            loop.isReady(this);
        }
    }

    void ended() {
        if (!closed) {
            ended = true;
            loop.isReady(this);
        }
    }

    void broken(IOException cause) {
        if (!closed) {
            failure = cause;
            loop.isReady(this);
        }
    }

    void mayHaveRoom() {
        if (!closed && wantsWrite) {
            loop.isReady(this);
        }
    }

    // ---- a turn of the loop

    boolean hasSomethingToTell() {
        if (closed) {
            return false;
        }
        return connected ? isReadable() || isWritable() : accepted || failure != null;
    }

    private boolean isReadable() {
        return wantsRead && (!received.isEmpty() || ended || failure != null);
    }

    private boolean isWritable() {
        return wantsWrite && (failure != null || link().room() > 0);
    }

    /** Tells the handler, in a turn of the loop. */
    void selected() {
        if (closed) {
            return;
        }
        if (!connected) {
            if (accepted) {
                connected = true;
                wantsRead = true;
                handler.connected();
            } else if (failure != null) {
                abort(failure);
            }
            return;
        }
        if (isWritable()) {
            handler.writable();
        }
        if (!closed && isReadable()) {
            handler.readable();
        }
    }

    /** Closes, and tells the handler why. */
    void abort(Throwable cause) {
        if (!closed) {
            close();
            handler.closed(cause);
        }
    }

    // ---- for the client

    @Override
    public int read(ByteBuffer target) throws IOException {
        checkUsable();
        int read = 0;
        for (ByteBuffer first = received.peek(); first != null && target.hasRemaining(); first = received.peek()) {
            int count = Math.min(first.remaining(), target.remaining());
            target.put(first.slice(first.position(), count));
            first.position(first.position() + count);
            read += count;
            if (!first.hasRemaining()) {
                received.poll();
            }
        }
        if (read > 0) {
            link().consumed(read);
            return read;
        }
        if (failure != null && received.isEmpty()) {
            throw new IOException(failure.getMessage());
        }
        return ended && received.isEmpty() && target.hasRemaining() ? -1 : 0;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        checkUsable();
        if (failure != null) {
            throw new IOException("Broken pipe");
        }
        if (!offeredBefore.isAsBefore(sources, offset, length)) {
            loop.process().simulation().fail(new AssertionError("What " + link() + " was offered to write has changed before it was written"));
        }
        int offered = 0;
        for (int i = offset; i < offset + length; i++) {
            offered = Math.addExact(offered, sources[i].remaining());
        }
        int taken = Math.min(offered, link().room());
        if (taken > 1 && random.nextInt(20) == 0) {
            taken = random.nextInt(taken);
        }
        offeredBefore.written(taken);
        if (taken == 0) {
            return 0;
        }
        ByteBuffer bytes = ByteBuffer.allocate(taken);
        for (int i = offset; i < offset + length && bytes.hasRemaining(); i++) {
            ByteBuffer source = sources[i];
            int count = Math.min(bytes.remaining(), source.remaining());
            bytes.put(source.slice(source.position(), count));
            source.position(source.position() + count);
        }
        link().send(bytes.array());
        return taken;
    }

    private void checkUsable() throws IOException {
        if (closed) {
            throw new java.nio.channels.ClosedChannelException();
        }
        if (!connected) {
            throw new java.nio.channels.NotYetConnectedException();
        }
    }

    @Override
    public void wantWrite(boolean wanted) {
        wantsWrite = wanted && connected && !closed;
        if (hasSomethingToTell()) {
            loop.isReady(this);
        }
    }

    @Override
    public void wantRead(boolean wanted) {
        wantsRead = wanted && connected && !closed;
        if (hasSomethingToTell()) {
            loop.isReady(this);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            loop.forget(this);
            link().clientClosed();
        }
    }

    /** The process is gone. */
    void crash() {
        closed = true;
        link().clientCrashed();
    }
}
