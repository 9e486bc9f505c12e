package dev.kafkaboot.test;

import dev.kafkaboot.test.fake.FakeBroker;
import dev.kafkaboot.test.fake.FakeKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The thread that drives a {@link FakeKafka} behind sockets. A turn is: what other threads told it, what is due, what is to be sent, then the selector.
 *
 * <p>Which brokers listen is not told but looked at after each turn, so it makes no difference by which way a broker was stopped, added or removed.
 */
final class FakeServerLoop {

    private static final long JOIN_MILLIS = 5_000;
    private static final int BACKLOG = 128;

    private final FakeKafka cluster;
    private final Selector selector;
    private final Thread thread;
    private final Queue<Order> orders = new ConcurrentLinkedQueue<>();
    private final TreeMap<Integer, ServerSocketChannel> listeners = new TreeMap<>();
    private final Set<FakeServerPeer> peers = new LinkedHashSet<>();
    private final Set<Integer> ports = new HashSet<>();
    private volatile boolean running = true;
    private volatile @Nullable Throwable failure;

    /** What another thread wants: done first, told afterwards. */
    interface Order {

        /** Does it. Throws nothing. */
        void carryOut(FakeKafka cluster);

        /** It was done, and the sockets are as the cluster says. */
        void done();

        /** The cluster is closed. */
        void refuse(RuntimeException reason);
    }

    private FakeServerLoop(FakeKafka cluster) throws IOException {
        this.cluster = cluster;
        this.selector = Selector.open();
        this.thread = new Thread(this::run, "fake-kafka");
        thread.setDaemon(true);
    }

    /** Listens for every broker, and starts the thread. */
    static FakeServerLoop start(FakeKafka cluster) {
        try {
            FakeServerLoop loop = new FakeServerLoop(cluster);
            for (FakeBroker broker : cluster.brokers()) {
                loop.move(broker);
            }
            loop.thread.start();
            return loop;
        } catch (IOException e) {
            throw new UncheckedIOException("The fake cluster cannot listen on loopback", e);
        }
    }

    /** Carries an order out on the thread, at once if this is it. */
    void execute(Order order) {
        if (Thread.currentThread() == thread) {
            order.carryOut(cluster);
            order.done();
            return;
        }
        orders.add(order);
        if (running) {
            selector.wakeup();
        } else {
            refuseOrders();
        }
    }

    /** Gives a broker a port that it has not had before. On the thread, or before it starts. */
    int move(FakeBroker broker) {
        int port = BrokerPorts.chooseOne(ports);
        broker.moveTo(InetAddress.getLoopbackAddress().getHostAddress(), port);
        stopListening(broker.id());
        return port;
    }

    void close() {
        running = false;
        selector.wakeup();
        if (Thread.currentThread() != thread) {
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Throwable reason = failure;
        failure = null;
        if (reason != null) {
            throw new IllegalStateException("The fake cluster failed: " + reason, reason);
        }
    }

    private void run() {
        try {
            listen();
            while (running) {
                turn();
            }
        } catch (IOException | RuntimeException | Error defect) {
            failure = defect;
        } finally {
            end();
        }
    }

    private void turn() throws IOException {
        for (Order order = orders.poll(); order != null; order = orders.poll()) {
            order.carryOut(cluster);
            listen();
            selector.selectNow(this::selected); // a closed listener takes connections until the selector has let go of it
            order.done();
        }
        cluster.advanceTo(System.nanoTime());
        listen();
        List.copyOf(peers).forEach(FakeServerPeer::flush);
        OptionalLong due = cluster.nextDueNanos();
        if (!orders.isEmpty() || due.isPresent() && due.getAsLong() - System.nanoTime() <= 0) {
            selector.selectNow(this::selected);
        } else {
            // Rounded up, so that it does not spin until something is due.
            selector.select(this::selected, due.isEmpty() ? 0 : 1 + (due.getAsLong() - System.nanoTime()) / 1_000_000);
        }
    }

    /** Lets those brokers listen that run, and no others. */
    private void listen() throws IOException {
        Set<Integer> removed = new TreeSet<>(listeners.keySet());
        for (FakeBroker broker : cluster.brokers()) {
            removed.remove(broker.id());
            if (!broker.isRunning()) {
                stopListening(broker.id());
            } else if (!listeners.containsKey(broker.id())) {
                startListening(broker);
            }
        }
        removed.forEach(this::stopListening);
    }

    private void startListening(FakeBroker broker) throws IOException {
        if (!ports.contains(broker.port())) {
            move(broker); // it was added, with an address that means nothing here
        }
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.port()), BACKLOG);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_ACCEPT, broker);
        listeners.put(broker.id(), channel);
    }

    private void stopListening(int brokerId) {
        ServerSocketChannel channel = listeners.remove(brokerId);
        if (channel != null) {
            closeQuietly(channel);
        }
    }

    private void selected(SelectionKey key) {
        cluster.advanceTo(System.nanoTime());
        if (key.attachment() instanceof FakeServerPeer peer) {
            peer.selected();
        } else if (key.isValid() && key.attachment() instanceof FakeBroker broker) {
            accept((ServerSocketChannel) key.channel(), broker);
        }
    }

    private void accept(ServerSocketChannel listener, FakeBroker broker) {
        try {
            SocketChannel channel = listener.accept();
            if (channel == null) {
                return;
            }
            if (!broker.isRunning()) {
                closeQuietly(channel);
                return;
            }
            peers.add(FakeServerPeer.open(cluster, broker, channel, selector, peers::remove));
        } catch (IOException gone) {
            // The client did not wait.
        }
    }

    private void end() {
        running = false;
        List.copyOf(peers).forEach(FakeServerPeer::abort);
        List.copyOf(listeners.keySet()).forEach(this::stopListening);
        closeQuietly(selector);
        refuseOrders();
    }

    private void refuseOrders() {
        for (Order order = orders.poll(); order != null; order = orders.poll()) {
            Throwable reason = failure;
            order.refuse(new IllegalStateException("The fake cluster is closed" + (reason == null ? "" : ": " + reason), reason));
        }
    }

    static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception ignored) {
            // the descriptor is gone either way
        }
    }
}
