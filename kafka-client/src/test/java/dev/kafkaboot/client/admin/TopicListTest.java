package dev.kafkaboot.client.admin;

import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.receive;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.net.LoopbackServer;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a list of topics makes of an answer that holds none. */
@Timeout(60)
class TopicListTest {

    @Test
    void answerThatIsAnErrorIsNoEmptyList() throws Exception {
        AtomicInteger port = new AtomicInteger();
        LoopbackServer.Script refusing = (socket, number) -> {
            negotiate(socket);
            while (true) {
                LoopbackServer.Request request = receive(socket).request();
                write(socket, frame(request, new MetadataResponse()
                        .errorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code())
                        .brokers(List.of(new MetadataResponse.MetadataResponseBroker().nodeId(1).host("127.0.0.1").port(port.get())))));
            }
        };

        try (LoopbackServer server = LoopbackServer.start(refusing)) {
            port.set(server.port());
            try (KafkaAdminClient admin = KafkaAdminClient.builder().bootstrapServers("127.0.0.1:" + server.port()).build()) {

                assertThatThrownBy(() -> admin.topics().list().join())
                        .rootCause()
                        .hasMessageContaining("the list of topics")
                        .hasMessageContaining("CLUSTER_AUTHORIZATION_FAILED");
            }
        }
    }
}
