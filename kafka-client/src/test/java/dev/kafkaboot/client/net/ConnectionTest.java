package dev.kafkaboot.client.net;

import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.read;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.UnsupportedVersionException;
import dev.kafkaboot.protocol.message.ApiVersionsResponse;
import dev.kafkaboot.protocol.message.HeartbeatRequest;
import dev.kafkaboot.protocol.message.ListGroupsRequest;
import dev.kafkaboot.protocol.message.ListGroupsResponse;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a connection treats requests, against a server that behaves. */
@Timeout(60)
class ConnectionTest {

    private static final MetadataResponse GOOD = new MetadataResponse().clusterId("good");

    private static void drain(Socket socket) throws IOException {
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    /** Answers whatever is asked with the same. */
    private static void answerAll(Socket socket, MetadataResponse answer) throws IOException {
        while (true) {
            write(socket, frame(read(socket), answer));
        }
    }

    @Test
    void requestsArePipelinedAndAnsweredInOrder() throws IOException {
        int requests = 50;
        CountDownLatch allArrived = new CountDownLatch(requests);
        LoopbackServer.Script answersWhenAllAreThere = (socket, number) -> {
            negotiate(socket);
            List<LoopbackServer.Request> arrived = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                arrived.add(read(socket));
                allArrived.countDown();
            }
            for (LoopbackServer.Request request : arrived) {
                write(socket, frame(request, new MetadataResponse().clusterId("c" + request.correlationId())));
            }
            drain(socket);
        };
        try (LoopbackServer server = LoopbackServer.start(answersWhenAllAreThere); PoolUnderTest client = new PoolUnderTest()) {
            List<CompletableFuture<MetadataResponse>> replies = new ArrayList<>();

            for (int i = 0; i < requests; i++) {
                replies.add(client.send(new MetadataRequest(), server.port()));
            }

            for (int i = 0; i < requests; i++) {
                assertThat(replies.get(i).join().clusterId()).isEqualTo("c" + (i + 1)); // 0 was the negotiation
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void brokerThatDoesNotKnowOurApiVersionsIsAskedInOneThatItKnows() throws IOException {
        List<Short> asked = new ArrayList<>();
        LoopbackServer.Script older = (socket, number) -> {
            LoopbackServer.Request first = read(socket);
            asked.add(first.version());
            ApiVersionsResponse refusal = new ApiVersionsResponse()
                    .errorCode(ErrorCode.UNSUPPORTED_VERSION.code())
                    .apiKeys(List.of(new ApiVersionsResponse.ApiVersion().apiKey(ApiKey.API_VERSIONS.id()).minVersion((short) 0).maxVersion((short) 2)));
            write(socket, frame(first.correlationId(), (short) 0, refusal, (short) 0));
            LoopbackServer.Request second = read(socket);
            asked.add(second.version());
            write(socket, frame(second, LoopbackServer.versions()));
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(older); PoolUnderTest client = new PoolUnderTest()) {
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);

            assertThat(asked).containsExactly(ApiKey.API_VERSIONS.highestVersion(), (short) 2);
        }
    }

    @Test
    void requestThatTheBrokerDoesNotKnowFailsAloneAndNamesBothSides() throws IOException {
        LoopbackServer.Script withoutGroups = (socket, number) -> {
            negotiate(socket, ApiKey.LIST_GROUPS);
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(withoutGroups); PoolUnderTest client = new PoolUnderTest()) {
            assertThatThrownBy(() -> client.send(new ListGroupsRequest(), server.port()).join())
                    .hasCauseInstanceOf(UnsupportedVersionException.class)
                    .hasMessageContaining("LIST_GROUPS cannot be sent to broker 1 (127.0.0.1:" + server.port() + ")")
                    .hasMessageContaining("this client speaks versions 0 to ")
                    .hasMessageContaining("the broker does not know it");
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void highestVersionThatBothKnowIsTakenUnlessTheRequestHasACeiling() throws IOException {
        BlockingQueue<Short> versions = new LinkedBlockingQueue<>();
        LoopbackServer.Script recording = (socket, number) -> {
            negotiate(socket);
            while (true) {
                LoopbackServer.Request request = read(socket);
                versions.add(request.version());
                write(socket, frame(request, GOOD));
            }
        };
        try (LoopbackServer server = LoopbackServer.start(recording); PoolUnderTest client = new PoolUnderTest()) {
            RequestOptions options = RequestOptions.of(ConnectionClass.GENERAL, PoolUnderTest.LIMIT);
            Node node = PoolUnderTest.node(server.port());

            client.send(new MetadataRequest(), node, options).join();
            client.send(new MetadataRequest(), node, options.upToVersion(9)).join();

            assertThat(versions).containsExactly(ApiKey.METADATA.highestVersion(), (short) 9);
        }
    }

    @Test
    void requestThatCannotBeWrittenFailsAlone() throws IOException {
        LoopbackServer.Script answering = (socket, number) -> {
            negotiate(socket);
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(answering); PoolUnderTest client = new PoolUnderTest()) {
            RequestOptions oldest = RequestOptions.of(ConnectionClass.GENERAL, PoolUnderTest.LIMIT).upToVersion(0);
            HeartbeatRequest fencing = new HeartbeatRequest().groupId("g").memberId("m").groupInstanceId("static");

            assertThatThrownBy(() -> client.send(fencing, PoolUnderTest.node(server.port()), oldest).join())
                    .hasMessageContaining("groupInstanceId");
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);
        }
    }

    @Test
    void requestThatIsNotAnsweredInTimeFailsAloneAndItsAnswerIsLetGoOf() throws IOException {
        CountDownLatch mayAnswerTheLateOne = new CountDownLatch(1);
        CountDownLatch mayAnswerTheOther = new CountDownLatch(1);
        LoopbackServer.Script slow = (socket, number) -> {
            negotiate(socket);
            write(socket, frame(read(socket), GOOD));
            LoopbackServer.Request late = read(socket);
            LoopbackServer.Request patient = read(socket);
            mayAnswerTheLateOne.await();
            write(socket, frame(late, new MetadataResponse().clusterId("too late")));
            mayAnswerTheOther.await();
            write(socket, frame(patient, GOOD));
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(slow); PoolUnderTest client = new PoolUnderTest()) {
            client.send(new MetadataRequest(), server.port()).join(); // now the connection is ready
            CompletableFuture<MetadataResponse> late = client.send(new MetadataRequest(), server.port(), Duration.ofMillis(300));
            CompletableFuture<MetadataResponse> patient = client.send(new MetadataRequest(), server.port());

            assertThatThrownBy(late::join)
                    .cause()
                    .isInstanceOfSatisfying(RequestTimeoutException.class, failure -> assertThat(failure.mayHaveBeenReceived()).isTrue())
                    .hasMessageContaining("METADATA to broker 1 (127.0.0.1:" + server.port() + ") was not answered within 300 ms");
            int kept = client.pool.buffers().keptBytes();
            mayAnswerTheLateOne.countDown();
            client.until(() -> client.pool.buffers().keptBytes() > kept); // that of the late answer
            assertThat(patient).isNotDone();
            mayAnswerTheOther.countDown();

            assertThat(patient.join()).isEqualTo(GOOD);
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void brokerThatStaysSilentAboutAnExpiredRequestLosesTheConnection() throws IOException {
        LoopbackServer.Script silentOnce = (socket, number) -> {
            negotiate(socket);
            if (number == 0) {
                write(socket, frame(read(socket), GOOD));
                drain(socket);
            }
            answerAll(socket, GOOD);
        };
        ConnectionSettings impatient = PoolUnderTest.settings(Duration.ofSeconds(30), Duration.ofMillis(500), Duration.ofMinutes(9));
        try (LoopbackServer server = LoopbackServer.start(silentOnce); PoolUnderTest client = new PoolUnderTest(impatient)) {
            client.send(new MetadataRequest(), server.port()).join(); // now the connection is ready
            CompletableFuture<MetadataResponse> late = client.send(new MetadataRequest(), server.port(), Duration.ofMillis(100));
            CompletableFuture<MetadataResponse> patient = client.send(new MetadataRequest(), server.port());

            assertThatThrownBy(late::join).hasCauseInstanceOf(RequestTimeoutException.class);
            assertThatThrownBy(patient::join)
                    .cause()
                    .isInstanceOfSatisfying(DisconnectException.class, failure -> assertThat(failure.mayHaveBeenReceived()).isTrue())
                    .hasMessageContaining("did not answer in time");
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void brokerThatKeepsSomebodyWaitingIsNotTheFirstToBeAsked() throws IOException {
        LoopbackServer.Script silentAfterOne = (socket, number) -> {
            negotiate(socket);
            write(socket, frame(read(socket), GOOD));
            drain(socket);
        };
        try (LoopbackServer server = LoopbackServer.start(silentAfterOne); PoolUnderTest client = new PoolUnderTest()) {
            Node silentOne = PoolUnderTest.node(server.port());
            Node untried = new Node(2, "127.0.0.1", server.port(), null);
            client.send(new MetadataRequest(), server.port()).join();
            CompletableFuture<MetadataResponse> late = client.send(new MetadataRequest(), server.port(), Duration.ofMillis(100));
            assertThat(client.ask(() -> client.pool.leastLoaded(List.of(silentOne, untried)))).isEqualTo(silentOne);

            assertThatThrownBy(late::join).hasCauseInstanceOf(RequestTimeoutException.class);

            assertThat(client.ask(() -> client.pool.leastLoaded(List.of(silentOne, untried)))).isEqualTo(untried);
        }
    }

    @Test
    void expiredProduceRequestClosesItsConnection() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        LoopbackServer.Script silent = (socket, number) -> {
            negotiate(socket);
            write(socket, frame(read(socket), GOOD));
            drain(socket);
            closed.countDown();
        };
        try (LoopbackServer server = LoopbackServer.start(silent); PoolUnderTest client = new PoolUnderTest()) {
            RequestOptions produceClass = RequestOptions.of(ConnectionClass.PRODUCE, PoolUnderTest.LIMIT);
            RequestOptions hurried = RequestOptions.of(ConnectionClass.PRODUCE, Duration.ofMillis(300));
            client.send(new MetadataRequest(), PoolUnderTest.node(server.port()), produceClass).join(); // now the connection is ready
            CompletableFuture<ProduceResponse> late = client.send(produce(-1, 100), PoolUnderTest.node(server.port()), hurried);

            assertThatThrownBy(late::join)
                    .cause()
                    .isInstanceOfSatisfying(RequestTimeoutException.class, failure -> assertThat(failure.mayHaveBeenReceived()).isTrue());
            assertThat(client.ask(client.pool::size)).isZero();
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void requestThatExpiresBehindAHalfWrittenOneIsTakenBackAndTheOthersGoOn() throws IOException {
        CountDownLatch mayRead = new CountDownLatch(1);
        LoopbackServer.Script pausing = (socket, number) -> {
            negotiate(socket);
            mayRead.await();
            write(socket, frame(read(socket), new ProduceResponse()));
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(pausing); PoolUnderTest client = new PoolUnderTest(with(new SocketOptions(32 * 1024, -1)))) {
            CompletableFuture<ProduceResponse> big = client.send(produce(-1, 1_000_000), server.port()); // more than the sockets hold
            client.until(() -> client.pool.isReady(1, ConnectionClass.GENERAL, null));
            CompletableFuture<MetadataResponse> late = client.send(new MetadataRequest(), server.port(), Duration.ofMillis(300));

            assertThatThrownBy(late::join)
                    .cause()
                    .isInstanceOfSatisfying(RequestTimeoutException.class, failure -> assertThat(failure.mayHaveBeenReceived()).isFalse())
                    .hasMessageContaining("it could not be written");
            mayRead.countDown();

            assertThat(big.join()).isEqualTo(new ProduceResponse());
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);
            assertThat(server.accepted()).isEqualTo(1);
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
    void requestThatStillWaitsForTheConnectionExpiresAlone() throws IOException {
        CountDownLatch mayNegotiate = new CountDownLatch(1);
        LoopbackServer.Script hesitant = (socket, number) -> {
            mayNegotiate.await();
            negotiate(socket);
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(hesitant); PoolUnderTest client = new PoolUnderTest()) {
            CompletableFuture<MetadataResponse> patient = client.send(new MetadataRequest(), server.port());
            CompletableFuture<MetadataResponse> late = client.send(new MetadataRequest(), server.port(), Duration.ofMillis(100));

            assertThatThrownBy(late::join)
                    .cause()
                    .isInstanceOfSatisfying(RequestTimeoutException.class, failure -> assertThat(failure.mayHaveBeenReceived()).isFalse())
                    .hasMessageContaining("the connection was still being set up");
            mayNegotiate.countDown();
            assertThat(patient.join()).isEqualTo(GOOD);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    private static ProduceRequest produce(int acks, int bytes) {
        ProduceRequest.PartitionProduceData partition = new ProduceRequest.PartitionProduceData()
                .index(0)
                .records(Bytes.of(ByteBuffer.allocateDirect(bytes)));
        ProduceRequest.TopicProduceData topic = new ProduceRequest.TopicProduceData().name("t").partitionData(List.of(partition));
        return new ProduceRequest().acks((short) acks).timeoutMs(1000).topicData(List.of(topic));
    }

    @Test
    void produceThatAsksForNoAcknowledgementIsDoneWhenWritten() throws IOException {
        LoopbackServer.Script acknowledgesNothing = (socket, number) -> {
            negotiate(socket);
            assertThat(read(socket).api()).isEqualTo(ApiKey.PRODUCE);
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(acknowledgesNothing); PoolUnderTest client = new PoolUnderTest()) {
            ProduceResponse nothing = client.send(produce(0, 100), server.port()).join();

            assertThat(nothing.responses()).isEmpty();
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD); // no answer was waited for in between
        }
    }

    @Test
    void requestThatIsNotWhollyWrittenIsKnownNotToHaveBeenReceivedAndNeverContinued() throws IOException {
        BlockingQueue<Integer> firstBytes = new LinkedBlockingQueue<>();
        CountDownLatch failed = new CountDownLatch(1);
        LoopbackServer.Script stopsReading = (socket, number) -> {
            negotiate(socket);
            if (number == 0) {
                failed.await();
                return;
            }
            LoopbackServer.Request request = read(socket);
            firstBytes.add((int) request.api().id());
            write(socket, frame(request, GOOD));
            drain(socket);
        };
        try (LoopbackServer server = LoopbackServer.start(stopsReading); PoolUnderTest client = new PoolUnderTest()) {
            CompletableFuture<ProduceResponse> big = client.send(produce(-1, 32 * 1024 * 1024), server.port(), Duration.ofMillis(500));

            assertThatThrownBy(big::join)
                    .cause()
                    .isInstanceOfSatisfying(RequestTimeoutException.class, failure -> assertThat(failure.mayHaveBeenReceived()).isFalse());
            failed.countDown();
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);
            assertThat(firstBytes).containsExactly((int) ApiKey.METADATA.id());
        }
    }

    @Test
    void largeRequestsOfHeapAndDirectBuffersArriveWhole() throws IOException {
        BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
        LoopbackServer.Script measuring = (socket, number) -> {
            negotiate(socket);
            while (true) {
                LoopbackServer.Request request = read(socket);
                sizes.add(request.correlationId());
                write(socket, frame(request, new ProduceResponse()));
            }
        };
        try (LoopbackServer server = LoopbackServer.start(measuring); PoolUnderTest client = new PoolUnderTest()) {
            List<CompletableFuture<ProduceResponse>> replies = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ProduceRequest request = produce(-1, 700_000);
                ByteBuffer heap = ByteBuffer.allocate(900_000);
                request.topicData().get(0).partitionData().get(0).records(Bytes.of(heap, ByteBuffer.allocateDirect(300_000), ByteBuffer.allocate(10)));
                replies.add(client.send(request, server.port()));
            }

            assertThat(replies).allSatisfy(reply -> assertThat(reply.join()).isEqualTo(new ProduceResponse()));
            assertThat(sizes).hasSize(20);
        }
    }

    @Test
    void throttledConnectionSendsNothingUntilThePauseIsOver() throws IOException {
        BlockingQueue<Long> arrivals = new LinkedBlockingQueue<>();
        LoopbackServer.Script throttling = (socket, number) -> {
            negotiate(socket);
            write(socket, frame(read(socket), new MetadataResponse().clusterId("good").throttleTimeMs(1_000)));
            arrivals.add(System.nanoTime());
            LoopbackServer.Request second = read(socket);
            arrivals.add(System.nanoTime());
            write(socket, frame(second, GOOD));
            drain(socket);
        };
        try (LoopbackServer server = LoopbackServer.start(throttling); PoolUnderTest client = new PoolUnderTest()) {
            client.send(new MetadataRequest(), server.port()).join();
            assertThat(client.ask(() -> client.pool.isReady(1, ConnectionClass.GENERAL, null))).isFalse();

            CompletableFuture<MetadataResponse> hurried = client.send(new MetadataRequest(), server.port(), Duration.ofMillis(50));
            assertThatThrownBy(hurried::join)
                    .cause()
                    .isInstanceOfSatisfying(RequestTimeoutException.class, failure -> assertThat(failure.mayHaveBeenReceived()).isFalse())
                    .hasMessageContaining("the broker asked for a pause");
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);

            assertThat(-arrivals.remove() + arrivals.remove()).isGreaterThan(Duration.ofMillis(900).toNanos());
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
    void receivedFrameGoesBackToThePoolOnceAndNotTwice() throws IOException {
        LoopbackServer.Script answering = (socket, number) -> {
            negotiate(socket);
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(answering); PoolUnderTest client = new PoolUnderTest()) {
            ReceivedFrame<MetadataResponse> frame = client.ask(() -> client.pool.dispatch(null, "test", ApiKey.METADATA,
                    version -> new MetadataRequest(), PoolUnderTest.node(server.port()),
                    RequestOptions.of(ConnectionClass.GENERAL, PoolUnderTest.LIMIT))).join();
            int before = client.pool.buffers().keptBytes();

            frame.retain();
            frame.release();
            assertThat(client.pool.buffers().keptBytes()).isEqualTo(before);
            frame.release();

            assertThat(client.pool.buffers().keptBytes()).isEqualTo(before + 256);
            assertThatThrownBy(frame::release).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(frame::retain).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void authenticatorRunsAfterTheNegotiationAndBeforeAnyRequest() throws IOException {
        List<ApiKey> order = new ArrayList<>();
        LoopbackServer.Script recording = (socket, number) -> {
            negotiate(socket);
            LoopbackServer.Request first = read(socket);
            order.add(first.api());
            write(socket, frame(first, new ListGroupsResponse()));
            LoopbackServer.Request second = read(socket);
            order.add(second.api());
            write(socket, frame(second, GOOD));
            drain(socket);
        };
        Authenticator asksForGroups = exchange -> exchange.send(new ListGroupsRequest()).thenApply(reply -> null);
        try (LoopbackServer server = LoopbackServer.start(recording); PoolUnderTest client = new PoolUnderTest(with(asksForGroups))) {
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);

            assertThat(order).containsExactly(ApiKey.LIST_GROUPS, ApiKey.METADATA);
        }
    }

    @Test
    void refusedAuthenticationIsWhatTheRequestsFailWith() throws IOException {
        AuthenticationException refused = new AuthenticationException("no such user");
        LoopbackServer.Script negotiating = (socket, number) -> {
            negotiate(socket);
            drain(socket);
        };
        try (LoopbackServer server = LoopbackServer.start(negotiating);
                PoolUnderTest client = new PoolUnderTest(with(exchange -> CompletableFuture.failedFuture(refused)))) {
            assertThatThrownBy(() -> client.send(new MetadataRequest(), server.port()).join()).cause().isSameAs(refused);
        }
    }

    private static ConnectionSettings with(Authenticator authenticator) {
        return with(SocketOptions.DEFAULT, authenticator);
    }

    private static ConnectionSettings with(SocketOptions socket) {
        return with(socket, Authenticator.NONE);
    }

    private static ConnectionSettings with(SocketOptions socket, Authenticator authenticator) {
        ConnectionSettings plain = PoolUnderTest.settings();
        return new ConnectionSettings(plain.clientId(), socket, plain.transports(), () -> authenticator, plain.setup(), plain.reconnect(),
                plain.silenceMax(), plain.maxIdle(), plain.frameBytesMax());
    }

    @Test
    void listenerHearsOfConnectionsRequestsAndAnswers() throws IOException {
        LoopbackServer.Script answering = (socket, number) -> {
            negotiate(socket);
            write(socket, frame(read(socket), GOOD));
        };
        try (LoopbackServer server = LoopbackServer.start(answering); PoolUnderTest client = new PoolUnderTest()) {
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            client.pool.addListener(new ConnectionListener() {
                @Override
                public void connected(Node broker, ConnectionClass connectionClass) {
                    heard.add("connected " + connectionClass);
                }

                @Override
                public void disconnected(Node broker, ConnectionClass connectionClass, @Nullable Throwable cause) {
                    heard.add("disconnected " + cause);
                }

                @Override
                public void requestSent(Node broker, ApiKey api, int bytes) {
                    heard.add("sent " + api + (bytes > 0));
                }

                @Override
                public void responseReceived(Node broker, ApiKey api, int bytes, Duration latency) {
                    heard.add("received " + api + (bytes > 0) + latency.isNegative());
                }
            });

            client.send(new MetadataRequest(), server.port()).join();
            client.until(() -> client.pool.size() == 0);

            assertThat(heard).containsExactly("sent API_VERSIONStrue", "received API_VERSIONStruefalse", "connected GENERAL",
                    "sent METADATAtrue", "received METADATAtruefalse", "disconnected null");
        }
    }
}
