package dev.kafkaboot.test;

import dev.kafkaboot.test.fake.FakeBroker;
import dev.kafkaboot.test.fake.FakeConnection;
import dev.kafkaboot.test.fake.FakeKafka;
import dev.kafkaboot.test.fake.Peer;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** A client's socket, on the thread of a {@link FakeServerLoop}. */
final class FakeServerPeer implements Peer {

    private static final int READ_BYTES = 64 * 1024;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final FakeConnection connection;
    private final Consumer<FakeServerPeer> onEnd;
    private final ByteBuffer incoming = ByteBuffer.allocate(READ_BYTES);
    private final ArrayDeque<ByteBuffer> outgoing = new ArrayDeque<>();
    private boolean ending;

    private FakeServerPeer(FakeKafka cluster, FakeBroker broker, SocketChannel channel, Selector selector, Consumer<FakeServerPeer> onEnd)
            throws IOException {
        this.channel = channel;
        this.onEnd = onEnd;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
        this.connection = cluster.connect(broker.id(), this);
    }

    static FakeServerPeer open(FakeKafka cluster, FakeBroker broker, SocketChannel channel, Selector selector, Consumer<FakeServerPeer> onEnd)
            throws IOException {
        return new FakeServerPeer(cluster, broker, channel, selector, onEnd);
    }

    @Override
    public void send(ByteBuffer bytes) {
        outgoing.add(bytes);
    }

    @Override
    public void close() {
        ending = true;
        flush();
    }

    void selected() {
        if (key.isValid() && key.isReadable()) {
            read();
        }
        flush();
    }

    private void read() {
        try {
            int count;
            do {
                count = channel.read(incoming.clear());
                if (count > 0) {
                    connection.receive(incoming.flip());
                }
            } while (count == READ_BYTES && connection.isOpen());
            if (count < 0) {
                abort();
            }
        } catch (IOException reset) {
            abort();
        }
    }

    /** Writes what the socket takes; closes it when all is written that was sent before the end. */
    void flush() {
        try {
            while (!outgoing.isEmpty()) {
                channel.write(outgoing.peek());
                if (outgoing.peek().hasRemaining()) {
                    break;
                }
                outgoing.poll();
            }
            if (ending && outgoing.isEmpty()) {
                abort();
            } else if (key.isValid()) {
                key.interestOps(outgoing.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
        } catch (IOException reset) {
            abort();
        }
    }

    /** Ends it at once. */
    void abort() {
        key.cancel();
        FakeServerLoop.closeQuietly(channel);
        outgoing.clear();
        connection.closedByPeer();
        onEnd.accept(this);
    }
}
