package dev.kafkaboot.client.hostile;

import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.read;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.LoopbackServer;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The program that meets them, one after the other, all on one loop, which has to live on. */
final class HostilePeers {

    /** What is printed in the end. */
    static final String ALL_MET = "All were met, and the loop goes on";

    /** For what comes to an end by itself. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final MetadataResponse GOOD = new MetadataResponse().clusterId("good");
    private static final PrintStream OUT = System.out;

    private HostilePeers() {}

    public static void main(String[] arguments) throws Exception {
        try (EventLoop loop = EventLoop.start("hostile")) {
            for (WrongBytes peer : WrongBytes.all()) {
                meet(loop, peer);
            }
            RandomBytes.meet(loop);
            for (WrongClusters each : WrongClusters.values()) {
                long began = System.nanoTime();
                String outcome = each.meet(loop);
                report(each.toString(), outcome, began);
                requireGoodOnes(loop);
            }
            OUT.println(ALL_MET);
        }
        System.exit(0); // whatever threads the servers have
    }

    static ConnectionManager connect(EventLoop loop, LoopbackServer server, String... more) {
        Map<String, Object> config = new HashMap<>(Map.of(
                "bootstrap.servers", "127.0.0.1:" + server.port(), "request.timeout.ms", "100", "default.api.timeout.ms", "1000",
                "socket.connection.setup.timeout.ms", String.valueOf(PATIENCE.toMillis())));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return ConnectionManager.create(ClientConfig.of(CommonConfig.KEYS, config), loop);
    }

    private static void meet(EventLoop loop, WrongBytes peer) throws IOException {
        long began = System.nanoTime();
        String setup = peer.isSilent() ? "150" : String.valueOf(PATIENCE.toMillis());
        Duration limit = peer.isSilent() ? Duration.ofMillis(400) : PATIENCE;
        try (LoopbackServer server = LoopbackServer.start(peer.script());
                ConnectionManager net = connect(loop, server, "socket.connection.setup.timeout.ms", setup)) {
            String outcome = failure(loop, net.send(new MetadataRequest(), -1, RequestOptions.of(ConnectionClass.GENERAL, limit)));
            report(peer.name(), outcome, began);
            assertThat(outcome).as(peer.name()).contains(peer.expected());
            assertThat(server.accepted()).as("%s: connections, that of the request and those that ask what became of the cluster", peer.name()).isLessThan(10);
        }
        requireGoodOnes(loop);
    }

    static String failure(EventLoop loop, CompletableFuture<?> outcome) {
        assertThat(loop.await(outcome, PATIENCE.multipliedBy(2))).as("the request ends").isTrue();
        return outcome.handle((value, failure) -> failure == null ? "succeeded" : String.valueOf(failure.getMessage())).join();
    }

    /** A broker that is as it should be is served by the same loop. */
    static void requireGoodOnes(EventLoop loop) throws IOException {
        LoopbackServer.Script good = (socket, number) -> {
            negotiate(socket);
            write(socket, frame(read(socket), GOOD));
            LoopbackServer.drain(socket);
        };
        try (LoopbackServer server = LoopbackServer.start(good); ConnectionManager net = connect(loop, server)) {
            RequestOptions patient = RequestOptions.of(ConnectionClass.GENERAL, PATIENCE);
            assertThat(net.send(new MetadataRequest(), -1, patient).join()).isEqualTo(GOOD);
        }
    }

    static void report(String who, String outcome, long beganNanos) {
        OUT.println((System.nanoTime() - beganNanos) / 1_000_000 + " ms " + who + ": " + outcome);
    }
}
