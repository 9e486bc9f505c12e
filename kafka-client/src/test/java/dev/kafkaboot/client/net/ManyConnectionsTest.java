package dev.kafkaboot.client.net;

import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.read;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many connections, and several addresses, leave behind or run into. */
@Timeout(120)
class ManyConnectionsTest {

    private static final MetadataResponse GOOD = new MetadataResponse().clusterId("good");

    /** With {@code -Dconnections=10000} there are that many; each costs the same, and most of that is the server's thread for it. */
    private static final int CONNECTIONS = Integer.getInteger("connections", 1_000);

    private static final int BROKERS = 50;

    private static long openDescriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : 0;
    }

    @Test
    void thousandConnectionsLeaveNothingBehind() throws IOException {
        NioEventLoop loop = NioEventLoop.start("many");
        LoopbackServer.Script closesAfterOneAnswer = (socket, number) -> {
            negotiate(socket);
            LoopbackServer.Request request = read(socket);
            if (number % 2 == 0) {
                write(socket, frame(request, GOOD));
            }
        };
        try (LoopbackServer server = LoopbackServer.start(closesAfterOneAnswer);
                PoolUnderTest client = new PoolUnderTest(loop, PoolUnderTest.settings())) {
            int answered = 0;
            long descriptors = 0;
            int buffers = 0;
            for (int round = 0; round < CONNECTIONS / BROKERS; round++) {
                List<CompletableFuture<MetadataResponse>> replies = new ArrayList<>();
                for (int broker = 0; broker < BROKERS; broker++) {
                    replies.add(client.send(new MetadataRequest(), new Node(broker, "127.0.0.1", server.port(), null),
                            RequestOptions.of(ConnectionClass.GENERAL, PoolUnderTest.LIMIT)));
                }
                for (CompletableFuture<MetadataResponse> reply : replies) {
                    answered += reply.handle((response, failure) -> failure == null ? 1 : 0).join();
                }
                client.until(() -> client.pool.size() == 0 && loop.sockets() == 0 && server.open() == 0);
                if (round == 0) {
                    descriptors = openDescriptors();
                    buffers = client.pool.buffers().keptBytes();
                }
            }

            assertThat(server.accepted()).isEqualTo(CONNECTIONS);
            assertThat(answered).isEqualTo(CONNECTIONS / 2);
            assertThat(openDescriptors()).isLessThanOrEqualTo(descriptors + 10); // of whatever else lives in this process
            assertThat(client.pool.buffers().keptBytes()).as("what was taken was given back, else less would lie ready").isPositive().isBetween(buffers, BROKERS * 1_024);
            assertThat(client.ask(loop::timers)).isLessThanOrEqualTo(2); // the sweep for idle connections, and the watch over callbacks
        }
    }

    /** A loop on which every name has the same addresses. */
    private static final class NamesLoop implements EventLoop {

        private final EventLoop real = EventLoop.start("names");
        private final List<InetAddress> addresses;

        NamesLoop(InetAddress... addresses) {
            this.addresses = List.of(addresses);
        }

        @Override
        public CompletableFuture<List<InetAddress>> resolve(String host) {
            return CompletableFuture.completedFuture(addresses);
        }

        @Override
        public long nanoTime() {
            return real.nanoTime();
        }

        @Override
        public long currentTimeMillis() {
            return real.currentTimeMillis();
        }

        @Override
        public boolean inLoop() {
            return real.inLoop();
        }

        @Override
        public void execute(Runnable task) {
            real.execute(task);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            return real.schedule(delay, task);
        }

        @Override
        public void fillSecurely(byte[] bytes) {
            real.fillSecurely(bytes);
        }

        @Override
        public <T> CompletableFuture<T> offload(Callable<T> work) {
            return real.offload(work);
        }

        @Override
        public RandomGenerator random() {
            return real.random();
        }

        @Override
        public Transport connect(InetSocketAddress address, SocketOptions options, Transport.Handler handler) {
            return real.connect(address, options, handler);
        }

        @Override
        public Executor callbacks() {
            return real.callbacks();
        }

        @Override
        public Executor longCalls() {
            return real.longCalls();
        }

        @Override
        public boolean await(CompletableFuture<?> future, Duration limit) {
            return real.await(future, limit);
        }

        @Override
        public LoopCondition newCondition() {
            return real.newCondition();
        }

        @Override
        public Registration onEnd(Consumer<@Nullable Throwable> listener) {
            return real.onEnd(listener);
        }

        @Override
        public boolean isRunning() {
            return real.isRunning();
        }

        @Override
        public void close() {
            real.close();
        }
    }

    private static InetAddress loopback(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    @Test
    void addressesOfANameAreTriedInTurn() throws IOException {
        LoopbackServer.Script answering = (socket, number) -> {
            negotiate(socket);
            write(socket, frame(read(socket), GOOD));
        };
        try (LoopbackServer server = LoopbackServer.start(answering);
                PoolUnderTest client = new PoolUnderTest(new NamesLoop(loopback(3), loopback(2), loopback(1)), PoolUnderTest.settings())) {
            Node named = new Node(1, "kafka.example", server.port(), null);

            MetadataResponse reply = client.send(new MetadataRequest(), named, RequestOptions.of(ConnectionClass.GENERAL, PoolUnderTest.LIMIT)).join();

            assertThat(reply).isEqualTo(GOOD);
        }
    }

    @Test
    void addressesThatAllFailAreAllNamed() throws IOException {
        try (LoopbackServer server = LoopbackServer.start((socket, number) -> {});
                PoolUnderTest client = new PoolUnderTest(new NamesLoop(loopback(3), loopback(2)), PoolUnderTest.settings())) {
            Node named = new Node(1, "kafka.example", server.port(), null);

            assertThatThrownBy(() -> client.send(new MetadataRequest(), named, RequestOptions.of(ConnectionClass.GENERAL, PoolUnderTest.LIMIT)).join())
                    .hasMessageContaining("127.0.0.3 refused the connection, 127.0.0.2 refused the connection");
        }
    }
}
