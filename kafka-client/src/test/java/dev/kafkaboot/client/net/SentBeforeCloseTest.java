package dev.kafkaboot.client.net;

import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a layer like TLS took and has not sent, which is what a client that closes may wait for. */
@Timeout(60)
class SentBeforeCloseTest {

    private final LayeredTransports transports = new LayeredTransports();
    private final PoolUnderTest client = new PoolUnderTest(PoolUnderTest.settings(transports));
    private final LoopbackServer server = LoopbackServer.start((socket, number) -> {
        negotiate(socket);
        LoopbackServer.answerAll(socket, new MetadataResponse().clusterId("good"));
    });

    @BeforeEach
    void connect() {
        client.send(new MetadataRequest(), server.port()).join();
        client.loop.execute(() -> transports.holdBack(true));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    private CompletableFuture<Void> sent(Object owner) {
        return client.ask(() -> client.pool.sent(owner));
    }

    @Test
    void whatALayerHoldsIsWaitedForUntilItIsSent() {
        CompletableFuture<Void> sent = client.ask(() -> client.pool.sent(null));
        boolean wasDoneBefore = client.ask(sent::isDone);

        client.loop.execute(() -> transports.holdBack(false));

        assertThat(client.ask(sent::isDone)).isTrue();
        assertThat(wasDoneBefore).isFalse();
        assertThat(client.ask(() -> client.pool.sent(null).isDone())).as("nothing is held any more").isTrue();
    }

    @Test
    void connectionsOfOthersAreNotWaitedFor() {
        assertThat(sent("another client")).isCompleted();
    }

    @Test
    void nobodyWaitsForAConnectionThatIsOver() {
        CompletableFuture<Void> sent = client.ask(() -> client.pool.sent(null));

        client.loop.execute(() -> client.pool.close(new ClientClosedException("The client was closed")));

        assertThat(client.ask(sent::isDone)).isTrue();
    }
}
