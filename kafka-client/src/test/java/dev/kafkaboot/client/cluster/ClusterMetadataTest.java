package dev.kafkaboot.client.cluster;

import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.read;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ConnectionListener;
import dev.kafkaboot.client.net.LoopbackServer;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseBroker;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponsePartition;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the cluster is asked and who is told, against a broker that answers each request for metadata as it is told. */
@Timeout(60)
class ClusterMetadataTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final AtomicInteger port = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private Answers answers = number -> response();

    /** The answer to the nth request, from 0 on. */
    private interface Answers {

        MetadataResponse to(int number) throws Exception;
    }

    private LoopbackServer broker() {
        LoopbackServer server = serving(ignored -> answers.to(requests.getAndIncrement()));
        port.set(server.port());
        return server;
    }

    private static LoopbackServer serving(Answers answers) {
        AtomicInteger count = new AtomicInteger();
        return LoopbackServer.start((socket, number) -> {
            negotiate(socket);
            while (true) {
                LoopbackServer.Request request = read(socket);
                assertThat(request.api()).isEqualTo(ApiKey.METADATA);
                write(socket, frame(request, answers.to(count.getAndIncrement())));
            }
        });
    }

    private MetadataResponse response(MetadataResponseTopic... topics) {
        return new MetadataResponse().controllerId(1).clusterId("c").topics(List.of(topics)).brokers(List.of(
                new MetadataResponseBroker().nodeId(1).host("127.0.0.1").port(port.get())));
    }

    private static MetadataResponseTopic topic(String name) {
        return new MetadataResponseTopic().name(name).topicId(new Uuid(1, name.hashCode())).partitions(List.of(
                new MetadataResponsePartition().partitionIndex(0).leaderId(1).leaderEpoch(1).replicaNodes(List.of(1)).isrNodes(List.of(1))));
    }

    private static MetadataResponseTopic refused(String name, ErrorCode error) {
        return new MetadataResponseTopic().name(name).errorCode(error.code());
    }

    private static ConnectionManager connect(LoopbackServer server) {
        return ConnectionManager.connect("127.0.0.1:" + server.port());
    }

    @Test
    void topicAboutWhichTheClusterSaysNothingIsNotSaidToBeMissing() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        answers = number -> {
            if (number > 0) {
                mayAnswer.await();
            }
            return response();
        };
        try (LoopbackServer server = broker(); ConnectionManager net = connect(server)) {
            net.metadata().refresh().join();

            CompletableFuture<TopicInfo> topic = net.metadata().topic("silence", Duration.ofMillis(300));

            assertThat(topic).failsWithin(LIMIT).withThrowableThat().withCauseInstanceOf(TimeoutException.class)
                    .havingCause()
                    .withMessageStartingWith("The cluster told nothing of topic 'silence' within 300 ms: broker 1 (127.0.0.1:" + server.port()
                            + ") has not answered for ");
            mayAnswer.countDown();
        }
    }

    @Test
    void topicThatWasMissingOnceIsNotSaidToBeMissingWithoutBeingAskedAboutAgain() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        CountDownLatch silent = new CountDownLatch(2);
        answers = number -> {
            silent.countDown();
            if (silent.getCount() == 0) {
                mayAnswer.await();
            }
            return response(refused("later", ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        };
        try (LoopbackServer server = broker(); ConnectionManager net = connect(server)) {
            net.metadata().watch("later");
            net.metadata().refresh().join(); // and a second request is soon under way
            silent.await();

            CompletableFuture<TopicInfo> topic = net.metadata().topic("later", Duration.ofMillis(300));

            assertThat(topic).failsWithin(LIMIT).withThrowableThat().withCauseInstanceOf(TimeoutException.class);
            mayAnswer.countDown();
        }
    }

    @Test
    void refusedTopicIsToldOnceItWasAskedAboutThoughOthersWatchItAlready() throws Exception {
        answers = number -> response(refused("secret", ErrorCode.TOPIC_AUTHORIZATION_FAILED));
        try (LoopbackServer server = broker(); ConnectionManager net = connect(server)) {
            net.metadata().watch("secret");
            net.metadata().refresh().join();

            assertThat(net.metadata().topic("secret", Duration.ofMinutes(3)))
                    .failsWithin(LIMIT).withThrowableThat().withMessageContaining("TOPIC_AUTHORIZATION_FAILED");
        }
    }

    @Test
    void refusedTopicThatIsAllowedLaterIsNoticedByItself() throws Exception {
        answers = number -> response(number < 2 ? refused("secret", ErrorCode.TOPIC_AUTHORIZATION_FAILED) : topic("secret"));
        try (LoopbackServer server = broker(); ConnectionManager net = connect(server)) {
            CompletableFuture<ClusterSnapshot> allowed = new CompletableFuture<>();
            net.metadata().addListener((before, after) -> {
                if (after.partitionCount("secret") > 0) {
                    allowed.complete(after);
                }
            });

            net.metadata().watch("secret");

            assertThat(allowed).succeedsWithin(LIMIT);
        }
    }

    @Test
    void brokerThatSendsTheClientBackToItsBootstrapServersIsObeyed() throws Exception {
        AtomicInteger awayPort = new AtomicInteger();
        Supplier<MetadataResponse> namesTheOther = () -> new MetadataResponse().brokers(List.of(
                new MetadataResponseBroker().nodeId(7).host("127.0.0.1").port(awayPort.get())));
        Answers refusal = number -> namesTheOther.get().errorCode(ErrorCode.REBOOTSTRAP_REQUIRED.code());
        try (LoopbackServer away = serving(refusal); LoopbackServer first = broker()) {
            awayPort.set(away.port());
            answers = number -> number == 0 ? namesTheOther.get() : response();
            try (ConnectionManager net = connect(first)) {
                assertThat(net.metadata().refresh().join().nodes()).extracting(Node::id).containsExactly(7);

                ClusterSnapshot anew = net.metadata().refresh().join();

                assertThat(anew.nodes()).extracting(Node::id).containsExactly(1);
            }
        }
    }

    @Test
    void clientThatIsClosedWhileItsBrokerIsLookedForOpensNoConnection() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        answers = number -> {
            arrived.countDown();
            mayAnswer.await();
            return response();
        };
        try (LoopbackServer server = broker(); ConnectionManager net = connect(server)) {
            ClientConnections client = net.register("one");
            CompletableFuture<MetadataResponse> outcome = new CompletableFuture<>();
            net.loop().execute(() -> client.dispatch(new MetadataRequest(), /* nodeId= */ 1, RequestOptions.of(ConnectionClass.GROUP, LIMIT))
                    .whenComplete((response, failure) -> {
                if (failure == null) {
                    outcome.complete(response);
                } else {
                    outcome.completeExceptionally(failure);
                }
            }));
            arrived.await();

            client.close(LIMIT);
            mayAnswer.countDown();

            assertThat(outcome).failsWithin(LIMIT).withThrowableThat().havingRootCause().isInstanceOf(ClientClosedException.class);
        }
    }

    @Test
    void refreshAfterANewTopicIsNotAnsweredByARequestThatDidNotAskAboutIt() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        answers = number -> {
            if (number > 0) {
                return response(topic("new"));
            }
            arrived.countDown();
            mayAnswer.await();
            return response();
        };
        try (LoopbackServer server = broker(); ConnectionManager net = connect(server)) {
            CompletableFuture<ClusterSnapshot> before = net.metadata().refresh();
            arrived.await();

            CompletableFuture<ClusterSnapshot> after = net.handOver(() -> {
                net.metadata().watch("new");
                CompletableFuture<ClusterSnapshot> refresh = net.metadata().refresh();
                mayAnswer.countDown();
                return refresh;
            });

            assertThat(before.join().topic("new")).isNull();
            assertThat(after.join().partitionCount("new")).isEqualTo(1);
            assertThat(requests).hasValue(2);
        }
    }

    @Test
    void errorOfAListenerKeepsNoOtherFromHearingAndNobodyFromAnAnswer() throws Exception {
        try (LoopbackServer server = broker(); ConnectionManager net = connect(server)) {
            CompletableFuture<ClusterSnapshot> heard = new CompletableFuture<>();
            net.metadata().addListener(new ClusterListener() {
                @Override
                public void changed(ClusterSnapshot before, ClusterSnapshot after) {
                    throw new AssertionError("thrown by a test, on purpose");
                }
            });
            net.metadata().addListener(new ClusterListener() {
                @Override
                public void changed(ClusterSnapshot before, ClusterSnapshot after) {
                    heard.complete(after);
                }
            });

            CompletableFuture<ClusterSnapshot> answer = net.metadata().refresh();

            assertThat(answer).succeedsWithin(LIMIT);
            assertThat(heard).succeedsWithin(LIMIT).isSameAs(answer.join());
        }
    }

    @Test
    void whatAClientsListenerThrowsMakesNoFailureOfAnAnswerThatCame() throws Exception {
        try (LoopbackServer server = broker(); ConnectionManager net = connect(server)) {
            ClientConnections client = net.register("client");
            client.addListener(new ConnectionListener() {
                @Override
                public void responseReceived(Node broker, ApiKey request, int bytes, Duration latency) {
                    throw new IllegalStateException("thrown by a test, on purpose");
                }
            });

            CompletableFuture<MetadataResponse> answer = client.handOver(
                    () -> client.dispatchToAny(new MetadataRequest(), RequestOptions.of(ConnectionClass.GENERAL, LIMIT)));

            assertThat(answer).succeedsWithin(LIMIT);
        }
    }
}
