package dev.kafkaboot.client.admin;

import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.receive;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.net.LoopbackServer;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.DeleteTopicsRequest;
import dev.kafkaboot.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import dev.kafkaboot.protocol.message.DeleteTopicsResponse;
import dev.kafkaboot.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseBroker;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A deletion whose answer is lost has perhaps happened, and another topic may have the name by now. */
@Timeout(60)
class DeleteTopicsRetryTest {

    private static final Uuid ID = new Uuid(3, 4);

    private final List<DeleteTopicState> asked = Collections.synchronizedList(new ArrayList<>());
    private boolean tellsIds = true;
    private ErrorCode found = ErrorCode.NONE;

    /** Deletes topic "a" at a broker that loses the first connection at the first attempt and answers each later one as is said. */
    private void delete(Function<DeleteTopicState, DeletableTopicResult> later, ErrorCode... first) throws IOException {
        AtomicInteger port = new AtomicInteger();
        AtomicInteger attempts = new AtomicInteger();
        LoopbackServer.Script broker = (socket, number) -> {
            negotiate(socket);
            while (true) {
                LoopbackServer.Received received = receive(socket);
                switch (received.request().api()) {
                    case METADATA -> write(socket, frame(received.request(), metadata(port.get())));
                    case DELETE_TOPICS -> {
                        DeleteTopicState topic = topic(received);
                        boolean isFirst = attempts.getAndIncrement() == 0;
                        if (isFirst && first.length == 0) {
                            return;
                        }
                        answer(socket, received, isFirst ? refused(first[0]) : later.apply(topic));
                    }
                    default -> throw new IllegalStateException("Not expected: " + received.request());
                }
            }
        };
        try (LoopbackServer server = LoopbackServer.start(broker)) {
            port.set(server.port());
            try (KafkaAdminClient admin = KafkaAdminClient.builder().bootstrapServers("127.0.0.1:" + server.port()).build()) {
                admin.topics().delete("a").join();
            }
        }
    }

    private MetadataResponse metadata(int port) {
        return new MetadataResponse().controllerId(1).clusterId("c")
                .brokers(List.of(new MetadataResponseBroker().nodeId(1).host("127.0.0.1").port(port)))
                .topics(tellsIds ? List.of(topic()) : List.of());
    }

    private MetadataResponseTopic topic() {
        return new MetadataResponseTopic().name("a").errorCode(found.code()).topicId(found == ErrorCode.NONE ? ID : Uuid.ZERO);
    }

    private DeleteTopicState topic(LoopbackServer.Received received) {
        DeleteTopicsRequest request = new DeleteTopicsRequest();
        request.read(received.body(), received.request().version());
        asked.addAll(request.topics());
        return request.topics().get(0);
    }

    private static void answer(Socket socket, LoopbackServer.Received received, DeletableTopicResult result) throws IOException {
        write(socket, frame(received.request(), new DeleteTopicsResponse().responses(List.of(result))));
    }

    private static DeletableTopicResult refused(ErrorCode error) {
        return new DeletableTopicResult().name("a").errorCode(error.code());
    }

    private List<Uuid> askedIds() {
        return asked.stream().map(DeleteTopicState::topicId).toList();
    }

    @Test
    void topicWhoseIdIsUnknownByNowWasDeletedByTheAttemptWhoseAnswerWasLost() throws IOException {
        delete(topic -> new DeletableTopicResult().name(null).topicId(topic.topicId()).errorCode(ErrorCode.UNKNOWN_TOPIC_ID.code()));

        assertThat(asked).extracting(DeleteTopicState::name).containsExactly("a", null);
        assertThat(askedIds()).containsExactly(Uuid.ZERO, ID);
    }

    @Test
    void topicThatIsStillThereIsDeletedByItsId() throws IOException {
        delete(topic -> new DeletableTopicResult().name("a").topicId(topic.topicId()));

        assertThat(askedIds()).containsExactly(Uuid.ZERO, ID);
    }

    @Test
    void topicWhoseIdIsNotKnownIsDeletedByItsName() throws IOException {
        tellsIds = false;

        delete(topic -> refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));

        assertThat(asked).extracting(DeleteTopicState::name).containsExactly("a", "a");
    }

    @Test
    void topicThatIsNotThereIsAnErrorIfNoAttemptCanHaveDeletedIt() {
        assertThatThrownBy(() -> delete(topic -> refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION), ErrorCode.NOT_CONTROLLER))
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("topic 'a': UNKNOWN_TOPIC_OR_PARTITION");
        assertThat(asked).hasSize(2).extracting(DeleteTopicState::name).containsOnly("a");
    }

    /** Found with seeds of {@code AdminUnderFaultsTest}: it was made after it was looked up, deleted, made again by somebody, and deleted again. */
    @Test
    void topicThatWasNotFoundIsNotDeletedByItsNameOnceAnAnswerWasLost() {
        found = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;

        assertThatThrownBy(() -> delete(topic -> new DeletableTopicResult().name("a").topicId(ID)))
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("Whether topic 'a' was deleted is not known");
        assertThat(asked).hasSize(1);
    }

    @Test
    void topicThatWasNotFoundIsDeletedByItsNameAsLongAsNoAnswerWasLost() throws IOException {
        found = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;

        delete(topic -> new DeletableTopicResult().name("a").topicId(ID), ErrorCode.NOT_CONTROLLER);

        assertThat(asked).extracting(DeleteTopicState::name).containsExactly("a", "a");
    }
}
