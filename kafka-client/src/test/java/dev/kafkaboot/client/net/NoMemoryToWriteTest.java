package dev.kafkaboot.client.net;

import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Direct memory that is used up: the JDK takes some for each heap buffer that a socket is given, and what it lacks is an error. */
@Timeout(60)
class NoMemoryToWriteTest {

    @Test
    void lackOfMemoryCostsOneConnectionAndNotTheLoop() throws IOException {
        LayeredTransports transports = new LayeredTransports();
        LoopbackServer.Script script = (socket, number) -> {
            negotiate(socket);
            LoopbackServer.answerAll(socket, new MetadataResponse().clusterId("good"));
        };
        try (LoopbackServer server = LoopbackServer.start(script); PoolUnderTest client = new PoolUnderTest(PoolUnderTest.settings(transports))) {
            client.send(new MetadataRequest(), server.port()).join();
            client.loop.execute(() -> transports.failNextWrite(new OutOfMemoryError("Cannot reserve 4711 bytes of direct buffer memory")));

            CompletableFuture<MetadataResponse> lost = client.send(new MetadataRequest(), server.port());

            assertThatThrownBy(lost::join).cause().isInstanceOfSatisfying(DisconnectException.class, failure -> assertThat(failure.mayHaveBeenReceived()).isFalse())
                    .hasMessageContaining("could not be written to, for which there is no memory: Cannot reserve 4711 bytes");
            assertThat(client.send(new MetadataRequest(), server.port()).join().clusterId()).isEqualTo("good");
        }
    }
}
