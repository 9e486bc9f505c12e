package dev.kafkaboot.client.net;

import static dev.kafkaboot.client.net.LoopbackServer.answerAll;
import static dev.kafkaboot.client.net.LoopbackServer.drain;
import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.read;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which connections there are, whose they are, and when they end. */
@Timeout(60)
class ConnectionPoolTest {

    private static final MetadataResponse GOOD = new MetadataResponse().clusterId("good");

    @Test
    void classesOfOneBrokerHaveConnectionsOfTheirOwnAndSoHaveClients() throws IOException {
        LoopbackServer.Script answering = (socket, number) -> {
            negotiate(socket);
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(answering); PoolUnderTest client = new PoolUnderTest()) {
            for (Object owner : List.of("one", "two")) {
                for (ConnectionClass kind : List.of(ConnectionClass.FETCH, ConnectionClass.GROUP)) {
                    client.ask(() -> client.pool.dispatch(owner, "test", ApiKey.METADATA, version -> new MetadataRequest(),
                            PoolUnderTest.node(server.port()), RequestOptions.of(kind, PoolUnderTest.LIMIT))).join();
                }
            }
            assertThat(server.accepted()).isEqualTo(4);

            client.ask(() -> {
                client.pool.closeOwned("one");
                return true;
            });

            assertThat(client.ask(client.pool::size)).isEqualTo(2);
        }
    }

    @Test
    void idleConnectionIsClosedAndThatIsNoError() throws IOException {
        LoopbackServer.Script answering = (socket, number) -> {
            negotiate(socket);
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(answering);
                PoolUnderTest client = new PoolUnderTest(PoolUnderTest.settings(Duration.ofSeconds(30), Duration.ofMillis(100)))) {
            client.send(new MetadataRequest(), server.port()).join();

            client.until(() -> client.pool.size() == 0);

            assertThat(client.pool.states()).singleElement().satisfies(state -> {
                assertThat(state.isFailed()).isFalse();
                assertThat(state.lastError()).isNull();
            });
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);
        }
    }

    @Test
    void idleConnectionThatTheBrokerClosesIsNoError() throws IOException {
        LoopbackServer.Script closesWhenIdle = (socket, number) -> {
            negotiate(socket);
            write(socket, frame(read(socket), GOOD));
        };
        try (LoopbackServer server = LoopbackServer.start(closesWhenIdle); PoolUnderTest client = new PoolUnderTest()) {
            client.send(new MetadataRequest(), server.port()).join();

            client.until(() -> client.pool.size() == 0);

            assertThat(client.pool.states()).singleElement().extracting(BrokerState::lastError).isNull();
        }
    }

    @Test
    void idleConnectionThatTheBrokerCutsOffIsNoErrorEither() throws IOException {
        LoopbackServer.Script closesWhenIdle = (socket, number) -> {
            negotiate(socket);
            write(socket, frame(read(socket), GOOD));
        };
        try (LoopbackServer server = LoopbackServer.start(closesWhenIdle);
                PoolUnderTest client = new PoolUnderTest(PoolUnderTest.settings(new LayeredTransports()))) {
            client.send(new MetadataRequest(), server.port()).join();

            client.until(() -> client.pool.size() == 0);

            assertThat(client.pool.states()).singleElement().extracting(BrokerState::lastError).isNull();
        }
    }

    @Test
    void connectionThatIsLeftStaysUntilALayerBelowHasSentWhatItTook() throws IOException {
        LoopbackServer.Script answering = (socket, number) -> {
            negotiate(socket);
            answerAll(socket, GOOD);
        };
        LayeredTransports transports = new LayeredTransports();
        try (LoopbackServer before = LoopbackServer.start(answering);
                LoopbackServer after = LoopbackServer.start(answering);
                PoolUnderTest client = new PoolUnderTest(PoolUnderTest.settings(transports))) {
            client.send(new MetadataRequest(), before.port()).join();
            client.loop.execute(() -> transports.holdBack(true));

            client.send(new MetadataRequest(), after.port()).join(); // the broker has moved
            int closedBefore = client.ask(transports::closed);
            client.loop.execute(() -> transports.holdBack(false));

            assertThat(closedBefore).isZero();
            assertThat(client.ask(transports::closed)).isEqualTo(1);
        }
    }

    @Test
    void requestDuringWhoseMakingTheBrokerMovesIsStillSentAndAnswered() throws IOException {
        LoopbackServer.Script answering = (socket, number) -> {
            negotiate(socket);
            answerAll(socket, GOOD);
        };
        try (LoopbackServer before = LoopbackServer.start(answering);
                LoopbackServer after = LoopbackServer.start(answering);
                PoolUnderTest client = new PoolUnderTest()) {
            RequestOptions options = RequestOptions.of(ConnectionClass.GENERAL, PoolUnderTest.LIMIT);
            CompletableFuture<CompletableFuture<MetadataResponse>> moved = new CompletableFuture<>();

            CompletableFuture<ReceivedFrame<MetadataResponse>> made = client.ask(() ->
                    client.pool.<MetadataResponse>dispatch(null, "test", ApiKey.METADATA, version -> {
                moved.complete(client.pool.<MetadataResponse>dispatch(null, "test", ApiKey.METADATA, any -> new MetadataRequest(),
                        PoolUnderTest.node(after.port()), options).thenApply(ReceivedFrame::response));
                return new MetadataRequest();
            }, PoolUnderTest.node(before.port()), options));

            assertThat(made).succeedsWithin(PoolUnderTest.LIMIT).extracting(ReceivedFrame::response).isEqualTo(GOOD);
            assertThat(moved.join().join()).isEqualTo(GOOD);
            client.until(() -> client.pool.size() == 1);
        }
    }

    @Test
    void brokerThatIsGoneFromTheClusterIsClosedWhenItsRequestsAreAnswered() throws IOException {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        LoopbackServer.Script slow = (socket, number) -> {
            negotiate(socket);
            LoopbackServer.Request request = read(socket);
            mayAnswer.await();
            write(socket, frame(request, GOOD));
            drain(socket);
        };
        try (LoopbackServer server = LoopbackServer.start(slow); PoolUnderTest client = new PoolUnderTest()) {
            CompletableFuture<MetadataResponse> pending = client.send(new MetadataRequest(), server.port());
            client.until(() -> client.pool.isReady(1, ConnectionClass.GENERAL, null));

            client.loop.execute(() -> client.pool.retain(List.of()));
            mayAnswer.countDown();

            assertThat(pending.join()).isEqualTo(GOOD);
            client.until(() -> client.pool.size() == 0);
            assertThat(client.pool.states()).isEmpty();
        }
    }

    @Test
    void connectionToAnAddressThatIsNotTheBrokersAnyMoreIsClosedThoughNobodyAsksTheBroker() throws IOException {
        LoopbackServer.Script answering = (socket, number) -> {
            negotiate(socket);
            answerAll(socket, GOOD);
        };
        try (LoopbackServer before = LoopbackServer.start(answering); PoolUnderTest client = new PoolUnderTest()) {
            client.send(new MetadataRequest(), before.port()).join();

            client.loop.execute(() -> client.pool.retain(List.of(PoolUnderTest.node(before.port() + 1))));

            client.until(() -> client.pool.size() == 0);
            assertThat(client.pool.states()).singleElement().extracting(state -> state.broker().port()).isEqualTo(before.port() + 1);
        }
    }

    @Test
    void twoBrokersAtOneAddressHaveConnectionsOfTheirOwn() throws IOException {
        LoopbackServer.Script answering = (socket, number) -> {
            negotiate(socket);
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(answering); PoolUnderTest client = new PoolUnderTest()) {
            RequestOptions options = RequestOptions.of(ConnectionClass.GENERAL, PoolUnderTest.LIMIT);
            Node one = new Node(1, "127.0.0.1", server.port(), null);
            Node two = new Node(2, "127.0.0.1", server.port(), null);
            client.send(new MetadataRequest(), one, options).join();
            client.send(new MetadataRequest(), two, options).join();
            assertThat(server.accepted()).isEqualTo(2);

            client.loop.execute(() -> client.pool.retain(List.of(two)));

            client.until(() -> client.pool.size() == 1);
            assertThat(client.send(new MetadataRequest(), two, options).join()).isEqualTo(GOOD);
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void brokerThatAskedForALongPauseIsNotAskedInPlaceOfOneThatWasNotTriedYet() throws IOException {
        LoopbackServer.Script asksForHours = (socket, number) -> {
            negotiate(socket);
            answerAll(socket, new MetadataResponse().throttleTimeMs(10_000_000));
        };
        try (LoopbackServer server = LoopbackServer.start(asksForHours); PoolUnderTest client = new PoolUnderTest()) {
            client.send(new MetadataRequest(), server.port()).join();

            Node untried = new Node(2, "127.0.0.1", 1, null);

            assertThat(client.ask(() -> client.pool.leastLoaded(List.of(PoolUnderTest.node(server.port()), untried)))).isEqualTo(untried);
        }
    }

    @Test
    void closedClientKeepsNoConnectionToABrokerThatHasLeft() throws IOException {
        LoopbackServer.Script silent = (socket, number) -> {
            negotiate(socket);
            drain(socket);
        };
        try (LoopbackServer server = LoopbackServer.start(silent); PoolUnderTest client = new PoolUnderTest()) {
            CompletableFuture<ReceivedFrame<MetadataResponse>> pending = client.ask(() -> client.pool.dispatch("owner", "test", ApiKey.METADATA,
                    version -> new MetadataRequest(), PoolUnderTest.node(server.port()),
                    RequestOptions.of(ConnectionClass.FETCH, PoolUnderTest.LIMIT)));
            client.until(() -> client.pool.isReady(1, ConnectionClass.FETCH, "owner"));
            client.ask(() -> {
                client.pool.retain(List.of());
                return client.pool.size();
            });

            client.ask(() -> {
                client.pool.closeOwned("owner");
                return client.pool.size();
            });

            assertThat(client.ask(client.pool::size)).isZero();
            assertThatThrownBy(pending::join).hasCauseInstanceOf(ClientClosedException.class);
        }
    }

    @Test
    void closedPoolFailsWhatIsUnderWayAndRefusesMore() throws IOException {
        LoopbackServer.Script silent = (socket, number) -> {
            negotiate(socket);
            drain(socket);
        };
        try (LoopbackServer server = LoopbackServer.start(silent); PoolUnderTest client = new PoolUnderTest()) {
            CompletableFuture<MetadataResponse> pending = client.send(new MetadataRequest(), server.port());
            client.until(() -> client.pool.isReady(1, ConnectionClass.GENERAL, null));
            ClientClosedException reason = new ClientClosedException("closed by a test");

            client.loop.execute(() -> client.pool.close(reason));

            assertThatThrownBy(pending::join).cause().isSameAs(reason);
            assertThatThrownBy(() -> client.send(new MetadataRequest(), server.port()).join()).cause().isSameAs(reason);
        }
    }

    @Test
    void requestDuringWhoseMakingThePoolIsClosedFails() throws IOException {
        LoopbackServer.Script answering = (socket, number) -> {
            negotiate(socket);
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(answering); PoolUnderTest client = new PoolUnderTest()) {
            ClientClosedException reason = new ClientClosedException("closed by a test");

            CompletableFuture<ReceivedFrame<MetadataResponse>> made = client.ask(() ->
                    client.pool.dispatch(null, "test", ApiKey.METADATA, version -> {
                client.pool.close(reason);
                return new MetadataRequest();
            }, PoolUnderTest.node(server.port()), RequestOptions.of(ConnectionClass.GENERAL, PoolUnderTest.LIMIT)));

            assertThat(made).failsWithin(PoolUnderTest.LIMIT).withThrowableThat().havingCause().isSameAs(reason);
        }
    }

    @Test
    void requestsOfALostConnectionFailThoughWhatHearsOfTheLossThrows() throws IOException {
        LoopbackServer.Script closing = (socket, number) -> {
            negotiate(socket);
            read(socket);
        };
        try (LoopbackServer server = LoopbackServer.start(closing); PoolUnderTest client = new PoolUnderTest()) {
            client.pool.onLost(() -> {
                throw new IllegalStateException("thrown by a test, on purpose");
            });

            CompletableFuture<MetadataResponse> pending = client.send(new MetadataRequest(), server.port());

            assertThat(pending).failsWithin(PoolUnderTest.LIMIT).withThrowableThat().withCauseInstanceOf(DisconnectException.class);
        }
    }

    @Test
    void errorOfAListenerCostsNeitherTheAnswerNorTheLoop() throws Exception {
        LoopbackServer.Script answering = (socket, number) -> {
            negotiate(socket);
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(answering); PoolUnderTest client = new PoolUnderTest()) {
            client.pool.addListener(new ConnectionListener() {
                @Override
                public void responseReceived(Node broker, ApiKey request, int bytes, Duration latency) {
                    throw new NoClassDefFoundError("thrown by a test, on purpose");
                }
            });

            assertThat(client.send(new MetadataRequest(), server.port())).succeedsWithin(PoolUnderTest.LIMIT).isEqualTo(GOOD);
            assertThat(client.send(new MetadataRequest(), server.port())).succeedsWithin(PoolUnderTest.LIMIT).isEqualTo(GOOD);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }
}
