package dev.kafkaboot.client.admin;

import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.receive;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.net.LoopbackServer;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.message.CreateTopicsRequest;
import dev.kafkaboot.protocol.message.CreateTopicsResponse;
import dev.kafkaboot.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the admin client repeats, against a server that answers as it is told. */
@Timeout(60)
class AdminRetryTest {

    private final AtomicInteger creations = new AtomicInteger();
    private final AtomicInteger brokersLimit = new AtomicInteger();
    private final CountDownLatch firstCreation = new CountDownLatch(1);

    /** A cluster of one broker, which answers the nth CreateTopics as it is told, or closes the connection on null. */
    private LoopbackServer.Script cluster(AtomicInteger port, IntFunction<List<CreatableTopicResult>> answers) {
        return (socket, number) -> {
            negotiate(socket);
            while (true) {
                LoopbackServer.Received received = receive(socket);
                LoopbackServer.Request request = received.request();
                ResponseMessage response = switch (request.api()) {
                    case METADATA -> new MetadataResponse().controllerId(1).clusterId("c").brokers(List.of(
                            new MetadataResponse.MetadataResponseBroker().nodeId(1).host("127.0.0.1").port(port.get())));
                    case CREATE_TOPICS -> {
                        CreateTopicsRequest body = new CreateTopicsRequest();
                        body.read(received.body(), request.version());
                        brokersLimit.set(body.timeoutMs());
                        yield created(socket, answers.apply(creations.getAndIncrement()));
                    }
                    default -> throw new IllegalStateException("Not expected: " + request);
                };
                if (!socket.isClosed()) {
                    write(socket, frame(request, response));
                }
            }
        };
    }

    private CreateTopicsResponse created(Socket socket, List<CreatableTopicResult> results) throws IOException {
        firstCreation.countDown();
        if (results.isEmpty()) {
            socket.close();
        }
        return new CreateTopicsResponse().topics(results);
    }

    private static CreatableTopicResult result(String name, ErrorCode error) {
        return new CreatableTopicResult().name(name).errorCode(error.code()).numPartitions(1).replicationFactor((short) 1);
    }

    private Map<String, CreatedTopic> create(IntFunction<List<CreatableTopicResult>> answers, Duration limit, NewTopic... topics)
            throws IOException {
        AtomicInteger port = new AtomicInteger();
        try (LoopbackServer server = LoopbackServer.start(cluster(port, answers))) {
            port.set(server.port());
            try (KafkaAdminClient admin = KafkaAdminClient.builder().bootstrapServers("127.0.0.1:" + server.port()).build()) {
                return admin.topics().within(limit).create(topics).join();
            }
        }
    }

    @Test
    void onlyTheTopicsThatAnotherControllerMustMakeAreAskedForAgain() throws IOException {
        Map<String, CreatedTopic> created = create(attempt -> switch (attempt) {
            case 0 -> List.of(result("a", ErrorCode.NONE), result("b", ErrorCode.NOT_CONTROLLER));
            default -> List.of(result("b", ErrorCode.NONE));
        }, Duration.ofSeconds(30), NewTopic.of("a"), NewTopic.of("b"));

        assertThat(created).containsOnlyKeys("a", "b");
        assertThat(creations).hasValue(2);
    }

    @Test
    void lostConnectionIsTriedAgain() throws IOException {
        Map<String, CreatedTopic> created = create(attempt -> attempt < 2 ? List.of() : List.of(result("a", ErrorCode.NONE)),
                Duration.ofSeconds(30), NewTopic.of("a"));

        assertThat(created).containsOnlyKeys("a");
        assertThat(creations).hasValue(3);
    }

    @Test
    void topicThatAnAttemptMadeWhoseAnswerWasLostIsDone() throws IOException {
        Map<String, CreatedTopic> created = create(
                attempt -> attempt == 0 ? List.of() : List.of(result("a", ErrorCode.TOPIC_ALREADY_EXISTS), result("b", ErrorCode.NONE)),
                Duration.ofSeconds(30), NewTopic.of("a"), NewTopic.of("b"));

        assertThat(created).containsOnlyKeys("a", "b");
        assertThat(creations).hasValue(2);
    }

    @Test
    void topicThatAnAttemptMadeAfterTheControllersTimeWasUpIsDone() throws IOException {
        Map<String, CreatedTopic> created = create(
                attempt -> List.of(result("a", attempt == 0 ? ErrorCode.REQUEST_TIMED_OUT : ErrorCode.TOPIC_ALREADY_EXISTS)),
                Duration.ofSeconds(30), NewTopic.of("a"));

        assertThat(created).containsOnlyKeys("a");
    }

    @Test
    void topicThatWasThereBeforeIsRefusedAlsoAfterAnAttemptThatDidNothing() {
        assertThatThrownBy(() -> create(
                attempt -> List.of(result("a", attempt == 0 ? ErrorCode.NOT_CONTROLLER : ErrorCode.TOPIC_ALREADY_EXISTS)),
                Duration.ofSeconds(30), NewTopic.of("a")))
                .hasMessageContaining("topic 'a': TOPIC_ALREADY_EXISTS");
        assertThat(creations).hasValue(2);
    }

    @Test
    void controllerIsGivenALittleLessTimeThanTheClientWaits() throws IOException {
        create(attempt -> List.of(result("a", ErrorCode.NONE)), Duration.ofSeconds(20), NewTopic.of("a"));

        assertThat(brokersLimit.get()).isLessThan(19_001).isPositive();
    }

    @Test
    void whatWillNotPassIsNotTriedAgain() {
        assertThatThrownBy(() -> create(attempt -> List.of(result("a", ErrorCode.POLICY_VIOLATION)), Duration.ofSeconds(30), NewTopic.of("a")))
                .hasMessageContaining("topic 'a': POLICY_VIOLATION");
        assertThat(creations).hasValue(1);
    }

    @Test
    void limitEndsTheAttemptsAndTellsTheLastReason() {
        assertThatThrownBy(() -> create(attempt -> List.of(result("a", ErrorCode.NOT_CONTROLLER)), Duration.ofSeconds(5), NewTopic.of("a")))
                .hasCauseInstanceOf(TimeoutException.class)
                .hasMessageContaining("Could not make the topics a within 5 s: topic 'a': NOT_CONTROLLER")
                .hasMessageContaining("attempts)");
    }

    @Test
    void limitThatEndsTheAttemptsTellsWhatBecameOfEachTopic() {
        assertThatThrownBy(() -> create(attempt -> attempt == 0
                ? List.of(result("done", ErrorCode.NONE), result("refused", ErrorCode.POLICY_VIOLATION), result("late", ErrorCode.NOT_CONTROLLER))
                : List.of(result("late", ErrorCode.NOT_CONTROLLER)),
                Duration.ofSeconds(3), NewTopic.of("done"), NewTopic.of("refused"), NewTopic.of("late")))
                .cause()
                .isInstanceOfSatisfying(TopicsException.class, failure -> {
                    assertThat(failure.succeeded()).containsExactly("done");
                    assertThat(failure.failures()).containsOnlyKeys("refused", "late");
                    assertThat(failure.failures().get("refused").errorCode()).isEqualTo(ErrorCode.POLICY_VIOLATION);
                    assertThat(failure.failures().get("late")).isInstanceOf(TimeoutException.class)
                            .hasMessageContaining("Could not make the topics done, late, refused within 3 s: topic 'late': NOT_CONTROLLER");
                });
    }

    @Test
    void closingFailsAnOperationThatWaitsForItsNextAttempt() throws IOException, InterruptedException {
        AtomicInteger port = new AtomicInteger();
        try (LoopbackServer server = LoopbackServer.start(cluster(port, attempt -> List.of(result("a", ErrorCode.NOT_CONTROLLER))))) {
            port.set(server.port());
            try (ConnectionManager connections = ConnectionManager.connect("127.0.0.1:" + server.port())) {
                KafkaAdminClient admin = KafkaAdminClient.builder()
                        .connections(connections)
                        .config("retry.backoff.ms", 20_000)
                        .config("retry.backoff.max.ms", 20_000)
                        .build();
                CompletableFuture<Map<String, CreatedTopic>> waiting = admin.topics().create(NewTopic.of("a"));
                firstCreation.await();

                admin.close();

                assertThatThrownBy(waiting::join).hasCauseInstanceOf(ClientClosedException.class);
            }
        }
    }

    @Test
    void topicThatIsGivenTwiceIsRefused() {
        assertThatThrownBy(() -> create(attempt -> List.of(), Duration.ofSeconds(30), NewTopic.of("a"), NewTopic.of("a")))
                .hasMessageContaining("Topic 'a' is given more than once");
        assertThat(creations).hasValue(0);
    }
}
