package dev.kafkaboot.client.net;

import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody who listens to connections and throws an error: it is a user's code, and on the loop. */
@Timeout(60)
class ThrowingListenerTest {

    @Test
    void errorOfAListenerCostsNothing() throws IOException {
        LoopbackServer.Script script = (socket, number) -> {
            negotiate(socket);
            LoopbackServer.answerAll(socket, new MetadataResponse().clusterId("good"));
        };
        try (LoopbackServer server = LoopbackServer.start(script); PoolUnderTest client = new PoolUnderTest()) {
            client.pool.addListener(new ConnectionListener() {
                @Override
                public void responseReceived(Node broker, ApiKey api, int bytes, Duration latency) {
                    throw new NoClassDefFoundError("thrown by a test, on purpose");
                }
            });

            assertThat(client.send(new MetadataRequest(), server.port()).join().clusterId()).isEqualTo("good");
            assertThat(client.send(new MetadataRequest(), server.port()).join().clusterId()).isEqualTo("good");
        }
    }
}
