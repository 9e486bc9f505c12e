package dev.kafkaboot.client.hostile;

import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.read;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.LoopbackServer;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.message.MetadataRequest;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.SplittableRandom;

/** Peers that answer at random, before and after the versions are agreed: with a length that fits and a correlation id that does, in two cases of three. */
final class RandomBytes {

    private static final int CONNECTIONS = 100;
    private static final int LONGEST = 4_000;

    private RandomBytes() {}

    static void meet(EventLoop loop) throws IOException {
        long began = System.nanoTime();
        try (LoopbackServer server = LoopbackServer.start(RandomBytes::serve); ConnectionManager net = HostilePeers.connect(loop, server, "reconnect.backoff.ms", "0")) {
            int met = 0;
            while (server.accepted() < CONNECTIONS) {
                HostilePeers.failure(loop, net.send(new MetadataRequest(), -1, RequestOptions.of(ConnectionClass.GENERAL, Duration.ofSeconds(5))));
                met++;
            }
            assertThat(met).as("requests for %s connections", server.accepted()).isLessThanOrEqualTo(CONNECTIONS + 1);
        }
        HostilePeers.report("random bytes", CONNECTIONS + " connections ended", began);
        HostilePeers.requireGoodOnes(loop);
    }

    private static void serve(Socket socket, int seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        if (random.nextBoolean()) {
            negotiate(socket);
        }
        LoopbackServer.Request request = read(socket);
        byte[] bytes = new byte[8 + random.nextInt(LONGEST)];
        random.nextBytes(bytes);
        if (random.nextInt(3) > 0) {
            put(bytes, 0, bytes.length - 4);
            put(bytes, 4, request.correlationId());
        }
        write(socket, bytes);
    }

    private static void put(byte[] bytes, int at, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >>> 24 - 8 * i);
        }
    }
}
