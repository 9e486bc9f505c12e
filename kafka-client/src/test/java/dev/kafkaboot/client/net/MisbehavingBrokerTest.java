package dev.kafkaboot.client.net;

import static dev.kafkaboot.client.net.LoopbackServer.bytes;
import static dev.kafkaboot.client.net.LoopbackServer.drain;
import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.read;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.DisconnectException;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.SaslHandshakeRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a server does, it costs one connection and says what is wrong; the next connection works. */
@Timeout(60)
class MisbehavingBrokerTest {

    private static final MetadataResponse GOOD = new MetadataResponse().clusterId("good");

    private static LoopbackServer.Script afterNegotiation(LoopbackServer.Script script) {
        return (socket, number) -> {
            negotiate(socket);
            script.serve(socket, number);
            drain(socket);
        };
    }

    private static LoopbackServer.Script insteadOfTheFirstAnswer(byte... bytes) {
        return (socket, number) -> {
            read(socket);
            write(socket, bytes);
            drain(socket);
        };
    }

    static Stream<Arguments> misdeeds() {
        return Stream.of(
                misdeed("the connection is closed before anything is read", (socket, number) -> {},
                        "without answering the first request"),
                misdeed("the connection is closed after the first request", (socket, number) -> read(socket),
                        "closed the connection without answering the first request; a port that expects TLS"),
                misdeed("a TLS alert", insteadOfTheFirstAnswer(bytes(0x15, 3, 3, 0, 2, 2, 0x50)), "this is a TLS port"),
                misdeed("HTTP", insteadOfTheFirstAnswer("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                        "answered in HTTP (\"HTTP/1.1 400 Bad Request\")"),
                misdeed("a page without a head", insteadOfTheFirstAnswer("<!DOCTYPE html>\n<html>".getBytes(StandardCharsets.US_ASCII)),
                        "answered with text (\"<!DOCTYPE html>\")"),
                misdeed("the banner of a secure shell", (socket, number) -> {
                    write(socket, "SSH-2.0-OpenSSH_9.2p1\r\n".getBytes(StandardCharsets.US_ASCII));
                    drain(socket);
                }, "answered with text (\"SSH-2.0-OpenSSH_9.2p1\"): this is not a Kafka broker's port"),
                misdeed("a mail server's greeting", insteadOfTheFirstAnswer("220 mail.example ESMTP\r\n".getBytes(StandardCharsets.US_ASCII)),
                        "answered with text (\"220 mail.example ESMTP\")"),
                misdeed("random bytes", insteadOfTheFirstAnswer(bytes(0x9a, 0x41, 0x00, 0xc3, 0x17, 0x88)),
                        "bytes long; from 4 to 1048576 are possible; this may not be the port of a Kafka broker"),
                misdeed("the end of the stream at the first request, as a listener does that expects SASL", afterNegotiation((socket, number) -> {
                    read(socket);
                    socket.shutdownOutput();
                }), "closed the connection without answering any request; a listener that expects SASL does that, and security.protocol names none"),
                misdeed("a negative length", insteadOfTheFirstAnswer(bytes(0xff, 0xff, 0xff, 0xff)), "claims to be -1 bytes long"),
                misdeed("a length of zero", insteadOfTheFirstAnswer(bytes(0, 0, 0, 0)), "claims to be 0 bytes long"),
                misdeed("an enormous length", insteadOfTheFirstAnswer(bytes(0x7f, 0xff, 0xff, 0xff)), "claims to be 2147483647 bytes long"),
                misdeed("an enormous length later", afterNegotiation((socket, number) -> {
                    read(socket);
                    write(socket, bytes(0, 0x10, 0, 1));
                }), "sent an answer to METADATA that claims to be 1048577 bytes long; from 4 to 1048576 are possible"),
                misdeed("a wrong correlation id", afterNegotiation((socket, number) -> {
                    LoopbackServer.Request request = read(socket);
                    write(socket, frame(request.correlationId() + 5, (short) 1, GOOD, request.version()));
                }), "where the answer to METADATA 1 was due"),
                misdeed("an answer that is cut off", afterNegotiation((socket, number) -> {
                    read(socket);
                    write(socket, bytes(0, 0, 0, 100, 0, 0, 0, 1, 0));
                    socket.shutdownOutput();
                }), "the stream ended after 5 of 100 bytes of an answer"),
                misdeed("a length that is cut off", afterNegotiation((socket, number) -> {
                    read(socket);
                    write(socket, bytes(0, 0));
                    socket.shutdownOutput();
                }), "the stream ended inside the length of an answer"),
                misdeed("an answer that makes no sense", afterNegotiation((socket, number) -> {
                    LoopbackServer.Request request = read(socket);
                    write(socket, bytes(0, 0, 0, 9, 0, 0, 0, request.correlationId(), 0, 0, 0, 0, 0xff));
                }), "that cannot be read"),
                misdeed("a reset at the first request", (socket, number) -> {
                    negotiate(socket);
                    read(socket);
                    socket.setSoLinger(true, 0);
                }, "closed the connection without answering any request; a listener that expects SASL does that"));
    }

    private static Arguments misdeed(String name, LoopbackServer.Script script, String expected) {
        return Arguments.argumentSet(name, script, expected);
    }

    @ParameterizedTest
    @MethodSource("misdeeds")
    void costsOneConnectionAndIsNamed(LoopbackServer.Script misdeed, String expected) throws IOException {
        LoopbackServer.Script once = (socket, number) -> {
            if (number == 0) {
                misdeed.serve(socket, number);
                return;
            }
            negotiate(socket);
            write(socket, frame(read(socket), GOOD));
            drain(socket);
        };
        try (LoopbackServer server = LoopbackServer.start(once); PoolUnderTest client = new PoolUnderTest()) {
            CompletableFuture<MetadataResponse> failed = client.send(new MetadataRequest(), server.port());

            assertThatThrownBy(failed::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(DisconnectException.class)
                    .hasMessageContaining("broker 1 (127.0.0.1:" + server.port() + ")")
                    .hasMessageContaining(expected);
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void connectionThatHasServedAndIsClosedOrResetSaysNothingOfSasl() throws IOException {
        LoopbackServer.Script goesDown = (socket, number) -> {
            negotiate(socket);
            write(socket, frame(read(socket), GOOD));
            read(socket);
            if (number == 1) {
                socket.setSoLinger(true, 0);
            }
        };
        try (LoopbackServer server = LoopbackServer.start(goesDown); PoolUnderTest client = new PoolUnderTest()) {
            for (String expected : List.of("the broker closed the connection", "the broker reset the connection")) {
                assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);

                assertThatThrownBy(() -> client.send(new MetadataRequest(), server.port()).join()).hasMessageEndingWith(expected);
            }
        }
    }

    @Test
    void connectionThatIsClosedDuringAuthenticationSaysSo() throws IOException {
        Authenticator asks = exchange -> exchange.send(new SaslHandshakeRequest().mechanism("PLAIN")).thenApply(answer -> null);
        LoopbackServer.Script refuses = (socket, number) -> {
            negotiate(socket);
            read(socket);
        };
        try (LoopbackServer server = LoopbackServer.start(refuses);
                PoolUnderTest client = new PoolUnderTest(PoolUnderTest.settings(SocketOptions.DEFAULT, asks))) {
            assertThatThrownBy(() -> client.send(new MetadataRequest(), server.port()).join())
                    .hasMessageContaining("closed the connection during authentication and did not say why");
        }
    }

    @Test
    void answerForWhichThereIsNoMemoryCostsOneConnectionAndNotTheLoop() throws IOException {
        LoopbackServer.Script enormousOnce = (socket, number) -> {
            negotiate(socket);
            LoopbackServer.Request request = read(socket);
            write(socket, number == 0 ? bytes(0x7f, 0xff, 0xff, 0xff) : frame(request, GOOD)); // no array is that long
            drain(socket);
        };
        ConnectionSettings plain = PoolUnderTest.settings();
        ConnectionSettings unbounded = new ConnectionSettings(plain.clientId(), plain.socket(), plain.transports(), plain.authenticators(),
                plain.setup(), plain.reconnect(), plain.silenceMax(), plain.maxIdle(), Integer.MAX_VALUE);
        try (LoopbackServer server = LoopbackServer.start(enormousOnce); PoolUnderTest client = new PoolUnderTest(unbounded)) {
            CompletableFuture<MetadataResponse> failed = client.send(new MetadataRequest(), server.port());

            assertThatThrownBy(failed::join)
                    .hasCauseInstanceOf(DisconnectException.class)
                    .hasMessageContaining("sent an answer of 2147483647 bytes, for which there is no memory: ");
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);
        }
    }

    @Test
    void refusedConnectionIsNamed() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (PoolUnderTest client = new PoolUnderTest()) {
            assertThatThrownBy(() -> client.send(new MetadataRequest(), port).join())
                    .hasMessageContaining("METADATA to broker 1 (127.0.0.1:" + port + ") was not sent: the broker refused the connection");
            assertThat(client.pool.states()).singleElement().satisfies(state -> {
                assertThat(state.isFailed()).isTrue();
                assertThat(state.lastError()).isEqualTo("refused the connection");
            });
        }
    }

    @Test
    void silentServerIsGivenUpWithinTheSetupLimit() throws IOException {
        try (LoopbackServer server = LoopbackServer.start((socket, number) -> drain(socket));
                PoolUnderTest client = new PoolUnderTest(PoolUnderTest.settings(Duration.ofMillis(200), Duration.ofMinutes(9)))) {
            assertThatThrownBy(() -> client.send(new MetadataRequest(), server.port()).join())
                    .hasMessageContaining("did not answer the first request within 200 ms; this may not be the port of a Kafka broker");
        }
    }

    @Test
    void requestThatWaitsForABrokerThatCannotBeReachedSaysWhy() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        ConnectionSettings plain = PoolUnderTest.settings();
        Backoff halfAMinute = new Backoff(Duration.ofSeconds(30), Duration.ofSeconds(30));
        ConnectionSettings hesitant = new ConnectionSettings(plain.clientId(), plain.socket(), plain.transports(), plain.authenticators(),
                plain.setup(), halfAMinute, plain.silenceMax(), plain.maxIdle(), plain.frameBytesMax());
        try (PoolUnderTest client = new PoolUnderTest(hesitant)) {
            assertThatThrownBy(() -> client.send(new MetadataRequest(), port).join()).hasMessageContaining("refused the connection");

            assertThatThrownBy(() -> client.send(new MetadataRequest(), port, Duration.ofMillis(100)).join())
                    .hasMessageContaining("was not answered within 100 ms: the connection waits for the next attempt; broker 1 (127.0.0.1:" + port
                            + ") refused the connection");
        }
    }

    @Test
    void answerThatComesByteByByteIsRead() throws IOException {
        LoopbackServer.Script slow = afterNegotiation((socket, number) -> {
            for (byte one : frame(read(socket), GOOD)) {
                write(socket, one);
            }
        });
        try (LoopbackServer server = LoopbackServer.start(slow); PoolUnderTest client = new PoolUnderTest()) {
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);
        }
    }

    @Test
    void answersThatComeTogetherAreAllRead() throws IOException {
        LoopbackServer.Script together = afterNegotiation((socket, number) -> {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < 100; i++) {
                all.writeBytes(frame(read(socket), GOOD));
            }
            write(socket, all.toByteArray());
        });
        try (LoopbackServer server = LoopbackServer.start(together); PoolUnderTest client = new PoolUnderTest()) {
            Stream<CompletableFuture<MetadataResponse>> replies = IntStream.range(0, 100)
                    .mapToObj(i -> client.send(new MetadataRequest(), server.port()));

            assertThat(replies.toList()).allSatisfy(reply -> assertThat(reply.join()).isEqualTo(GOOD));
        }
    }

    @Test
    void bytesThatNobodyAskedForCloseTheConnection() throws IOException {
        LoopbackServer.Script talkative = afterNegotiation((socket, number) -> {
            byte[] answer = frame(read(socket), GOOD);
            write(socket, answer);
            write(socket, answer);
        });
        try (LoopbackServer server = LoopbackServer.start(talkative); PoolUnderTest client = new PoolUnderTest()) {
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);

            client.until(() -> client.pool.size() == 0);

            assertThat(client.pool.states()).singleElement().extracting(BrokerState::lastError).isEqualTo("sent bytes that nobody asked for");
        }
    }
}
