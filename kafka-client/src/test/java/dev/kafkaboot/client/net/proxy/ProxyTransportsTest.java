package dev.kafkaboot.client.net.proxy;

import static dev.kafkaboot.client.net.LoopbackServer.bytes;
import static dev.kafkaboot.client.net.LoopbackServer.drain;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.HostPort;
import dev.kafkaboot.client.HostResolver;
import dev.kafkaboot.client.net.LoopbackServer;
import dev.kafkaboot.client.proxy.ProxyCredentials;
import dev.kafkaboot.client.proxy.ProxyExchange;
import dev.kafkaboot.client.proxy.ProxyProtocol;
import dev.kafkaboot.client.proxy.ProxyTarget;
import dev.kafkaboot.test.FakeKafkaServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections through proxies that do what they should, and through ones that do not. */
@Timeout(60)
class ProxyTransportsTest {

    private static final FakeKafkaServer KAFKA = FakeKafkaServer.start();

    @AfterAll
    static void stop() {
        KAFKA.close();
    }

    private static String broker() {
        return KAFKA.bootstrapServers();
    }

    private static int brokerPort() {
        return HostPort.parse(broker()).port();
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void proxyThatResolvesIsToldTheName() throws Exception {
        try (ProxyServer socks = ProxyServer.socks().knows("b1.invalid", brokerPort());
                ProxyServer http = ProxyServer.http().knows("b1.invalid", brokerPort())) {

            Attempts.metadata("b1.invalid:9092", Map.of("proxy.url", "socks5h://127.0.0.1:" + socks.port()));
            Attempts.metadata("b1.invalid:9092", Map.of("proxy.url", "http://127.0.0.1:" + http.port()));

            assertThat(socks.asked()).containsExactly("b1.invalid:9092");
            assertThat(http.asked()).containsExactly("b1.invalid:9092");
        }
    }

    @Test
    void eachAddressIsTriedThroughAProxyThatDoesNotResolve() throws Exception {
        HostResolver resolver = host -> List.of(InetAddress.getByName("127.0.0.2"), InetAddress.getLoopbackAddress());
        try (ProxyServer socks = ProxyServer.socks()) {

            Attempts.metadata("b1.invalid:" + brokerPort(), Map.of("proxy.url", "socks5://127.0.0.1:" + socks.port(), "host.resolver", resolver));

            assertThat(socks.asked()).containsExactly("127.0.0.2:" + brokerPort(), "127.0.0.1:" + brokerPort());
        }
    }

    @Test
    void everyAddressOfTheProxyIsTried() throws Exception {
        HostResolver resolver = host -> List.of(InetAddress.getByName("127.0.0.2"), InetAddress.getLoopbackAddress());
        try (ProxyServer socks = ProxyServer.socks()) {

            Attempts.metadata(broker(), Map.of("proxy.url", "socks5h://proxy.invalid:" + socks.port(), "host.resolver", resolver));

            assertThat(socks.asked()).containsExactly(broker());
        }
    }

    @Test
    void userAndPasswordLetThrough() throws Exception {
        try (ProxyServer socks = ProxyServer.socks("me@work", "p:%"); ProxyServer http = ProxyServer.http("me@work", "p:%")) {

            Attempts.metadata(broker(), Map.of("proxy.url", "socks5://me%40work:p%3A%25@127.0.0.1:" + socks.port()));
            Attempts.metadata(broker(), Map.of("proxy.url", "http://me%40work:p%3A%25@127.0.0.1:" + http.port()));

            assertThat(socks.asked()).containsExactly(broker());
            assertThat(http.asked()).containsExactly(broker());
        }
    }

    @Test
    void wrongPasswordIsToldAndNotShown() throws Exception {
        try (ProxyServer socks = ProxyServer.socks("me", "right"); ProxyServer http = ProxyServer.http("me", "right")) {
            String overSocks = Attempts.failure(broker(), Map.of("proxy.url", "socks5://me:planted@127.0.0.1:" + socks.port()));
            String overHttp = Attempts.failure(broker(), Map.of("proxy.url", "http://me:planted@127.0.0.1:" + http.port()));

            assertThat(overSocks).isEqualTo("cannot be reached through the proxy socks5://127.0.0.1:" + socks.port()
                    + ": the proxy refused the user name and password (status 1)");
            assertThat(overHttp).isEqualTo("cannot be reached through the proxy http://127.0.0.1:" + http.port()
                    + ": the proxy refused the user name and password (it wants Basic realm=\"test\"): '407 Who are you'");
        }
    }

    @Test
    void hostOfTheBypassIsReachedDirectlyWhoeverLooksUpNames() throws Exception {
        HostResolver resolver = host -> List.of(InetAddress.getLoopbackAddress());
        Map<String, Object> settings = Map.of(
                "proxy.url", "socks5h://127.0.0.1:" + unusedPort(), "proxy.bypass", "10.0.0.0/8,.invalid", "host.resolver", resolver);

        assertThat(Attempts.metadata("b1.invalid:" + brokerPort(), settings).brokers()).hasSize(1);
    }

    @Test
    void proxyIsAskedForTheReachableAddress() throws Exception {
        try (ProxyServer socks = ProxyServer.socks().knows("gate.invalid", brokerPort())) {

            Attempts.metadata("b1.invalid:9092", Map.of(
                    "proxy.url", "socks5h://127.0.0.1:" + socks.port(), "address.map", "b1.invalid:9092=gate.invalid:7"));

            assertThat(socks.asked()).containsExactly("gate.invalid:7");
        }
    }

    @Test
    void brokerThatTheProxyDoesNotReachIsToldInItsWords() throws Exception {
        int nobody = unusedPort();
        try (ProxyServer socks = ProxyServer.socks(); ProxyServer http = ProxyServer.http()) {
            assertThat(Attempts.failure("127.0.0.1:" + nobody, Map.of("proxy.url", "socks5://127.0.0.1:" + socks.port())))
                    .endsWith(": the proxy answered: the connection was refused (5)");
            assertThat(Attempts.failure("127.0.0.1:" + nobody, Map.of("proxy.url", "http://127.0.0.1:" + http.port())))
                    .endsWith(": the proxy answered '502 Nobody there'");
        }
    }

    @Test
    void proxyThatIsDownIsTold() throws Exception {
        int nobody = unusedPort();

        assertThat(Attempts.failure(broker(), Map.of("proxy.url", "http://127.0.0.1:" + nobody)))
                .isEqualTo("cannot be reached through the proxy http://127.0.0.1:" + nobody + ": the proxy refused the connection");
    }

    @Test
    void proxyWithoutAnAddressIsTold() throws Exception {
        HostResolver resolver = host -> List.of();

        assertThat(Attempts.failure(broker(), Map.of("proxy.url", "http://proxy.invalid", "host.resolver", resolver)))
                .isEqualTo("cannot be reached through the proxy http://proxy.invalid:1080: the proxy cannot be resolved: no such host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5", "http"})
    void proxyThatClosesAtOnceIsTold(String scheme) throws Exception {
        try (LoopbackServer proxy = LoopbackServer.start((socket, number) -> socket.getInputStream().read(new byte[1000]))) {
            assertThat(Attempts.failure(broker(), Map.of("proxy.url", scheme + "://127.0.0.1:" + proxy.port())))
                    .contains(": the proxy closed the connection and did not answer ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5", "http"})
    void proxyThatSaysNothingIsGivenUp(String scheme) throws Exception {
        try (LoopbackServer proxy = LoopbackServer.start((socket, number) -> drain(socket))) {
            Map<String, Object> settings = Map.of(
                    "proxy.url", scheme + "://127.0.0.1:" + proxy.port(),
                    "socket.connection.setup.timeout.ms", 200, "socket.connection.setup.timeout.max.ms", 200);

            assertThat(Attempts.failure(broker(), settings)).startsWith("did not become reachable through the proxy " + scheme + "://").endsWith(" within 200 ms");
        }
    }

    @Test
    void headerWithoutAnEndIsGivenUp() throws Exception {
        try (LoopbackServer proxy = LoopbackServer.start((socket, number) -> {
            socket.getInputStream().read(new byte[1000]);
            write(socket, ("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(2000)).getBytes(StandardCharsets.US_ASCII));
            drain(socket);
        })) {
            assertThat(Attempts.failure(broker(), Map.of("proxy.url", "http://127.0.0.1:" + proxy.port())))
                    .endsWith(": the proxy sent more than 8192 bytes and did not answer CONNECT");
        }
    }

    @Test
    void kafkaBrokerIsNoProxy() throws Exception {
        try (LoopbackServer proxy = LoopbackServer.start((socket, number) -> {
            write(socket, bytes(0, 0, 0, 5));
            drain(socket);
        })) {
            assertThat(Attempts.failure(broker(), Map.of("proxy.url", "socks5://127.0.0.1:" + proxy.port())))
                    .endsWith(": the proxy does not speak SOCKS5: where its version is due it sent 0");
        }
    }

    @Test
    void bytesBehindTheProxysAnswerAreTheBrokers() throws Exception {
        byte[] answer = "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] alert = bytes(0x15, 3, 3, 0, 2, 2, 0x50);
        try (LoopbackServer proxy = LoopbackServer.start((socket, number) -> {
            socket.getInputStream().read(new byte[1000]);
            write(socket, ByteBuffer.allocate(answer.length + alert.length).put(answer).put(alert).array());
            drain(socket);
        })) {
            assertThat(Attempts.failure(broker(), Map.of("proxy.url", "http://127.0.0.1:" + proxy.port()))).contains("this is a TLS port");
        }
    }

    /** A proxy protocol of one's own: says to whom, and goes on when it hears of it. */
    private static final class Nod implements ProxyProtocol {

        @Override
        public String scheme() {
            return "nod";
        }

        @Override
        public int defaultPort() {
            return 1;
        }

        @Override
        public boolean resolvesNames() {
            return true;
        }

        @Override
        public ProxyExchange begin(ProxyTarget target, @Nullable ProxyCredentials credentials) {
            return new ProxyExchange() {
                private boolean asked;
                private boolean done;

                @Override
                public ByteBuffer proceed(ByteBuffer received) {
                    if (received.hasRemaining()) {
                        received.get();
                        done = true;
                    }
                    ByteBuffer question = ByteBuffer.wrap(asked ? new byte[0] : new byte[] {1});
                    asked = true;
                    return question;
                }

                @Override
                public boolean isComplete() {
                    return done;
                }

                @Override
                public String awaited() {
                    return "nod";
                }
            };
        }
    }

    @Test
    void furtherSchemesAreRegistered() throws Exception {
        try (LoopbackServer proxy = LoopbackServer.start((socket, number) -> {
            socket.getInputStream().read();
            write(socket, (byte) 1);
            LoopbackServer.negotiate(socket);
            LoopbackServer.answerAll(socket, new dev.kafkaboot.protocol.message.MetadataResponse().clusterId("nodded"));
        })) {
            Map<String, Object> settings = Map.of("proxy.url", "nod://127.0.0.1:" + proxy.port(), "proxy.protocols", new Nod());

            assertThat(Attempts.metadata("b1.invalid:9092", settings).clusterId()).isEqualTo("nodded");
        }
    }
}
