package dev.kafkaboot.client.net;

import static dev.kafkaboot.client.net.LoopbackServer.answerAll;
import static dev.kafkaboot.client.net.LoopbackServer.drain;
import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.read;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static dev.kafkaboot.client.net.ProduceRequests.produce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.ProduceResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a request that is not written or not answered in its time, and of its connection. */
@Timeout(60)
class RequestExpiryTest {

    private static final MetadataResponse GOOD = new MetadataResponse().clusterId("good");

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
        try (LoopbackServer server = LoopbackServer.start(pausing); PoolUnderTest client = new PoolUnderTest(PoolUnderTest.settings(new SocketOptions(32 * 1024, -1), Authenticator.NONE))) {
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
}
