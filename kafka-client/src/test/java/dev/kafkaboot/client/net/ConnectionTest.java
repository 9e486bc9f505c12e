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

import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.message.HeartbeatRequest;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a connection treats requests, against a server that behaves. */
@Timeout(60)
class ConnectionTest {

    private static final MetadataResponse GOOD = new MetadataResponse().clusterId("good");

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
