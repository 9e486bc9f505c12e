package dev.kafkaboot.client.net.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.HostPort;
import dev.kafkaboot.client.net.LoopbackServer;
import dev.kafkaboot.test.FakeKafkaServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TLS to the broker, and to the proxy. */
@Timeout(60)
class TlsThroughProxyTest {

    private final FakeKafkaServer kafka = FakeKafkaServer.start();
    private final int kafkaPort = HostPort.parse(kafka.bootstrapServers()).port();
    private final LoopbackServer tlsBroker = LoopbackServer.start((plain, number) ->
            ProxyServer.relay(TlsSide.accept(plain), new Socket(InetAddress.getLoopbackAddress(), kafkaPort)));

    @AfterEach
    void stop() throws IOException {
        tlsBroker.close();
        kafka.close();
    }

    private static Map<String, Object> settings(String scheme, ProxyServer proxy, String protocol) {
        return Map.of("proxy.url", scheme + "://127.0.0.1:" + proxy.port(), "security.protocol", protocol,
                "ssl.truststore.type", "PEM", "ssl.truststore.certificates", TlsSide.CERTIFICATE);
    }

    @Test
    void brokersCertificateIsCheckedAgainstItsNameInsideTheTunnel() throws Exception {
        try (ProxyServer proxy = ProxyServer.socks().knows("b1.invalid", tlsBroker.port()).knows("b2.invalid", tlsBroker.port())) {
            assertThat(Attempts.metadata("b1.invalid:9093", settings("socks5h", proxy, "SSL")).brokers()).hasSize(1);

            assertThat(Attempts.failure("b2.invalid:9093", settings("socks5h", proxy, "SSL"))).contains("b1.invalid", "b2.invalid:9093");
        }
    }

    @Test
    void brokersCertificateIsCheckedAgainstTheAdvertisedNameThoughItIsReachedElsewhere() throws Exception {
        try (ProxyServer proxy = ProxyServer.http().knows("gate.invalid", tlsBroker.port())) {
            Map<String, Object> settings = new HashMap<>(settings("http", proxy, "SSL"));
            settings.put("address.map", "b1.invalid:9093=gate.invalid:7");

            assertThat(Attempts.metadata("b1.invalid:9093", settings).brokers()).hasSize(1);

            assertThat(proxy.asked()).containsExactly("gate.invalid:7");
        }
    }

    @Test
    void proxyIsSpokenToOverTlsAndTheBrokerInPlainText() throws Exception {
        try (ProxyServer proxy = ProxyServer.https().knows("b1.invalid", kafkaPort)) {
            assertThat(Attempts.metadata("b1.invalid:9092", settings("https", proxy, "PLAINTEXT")).brokers()).hasSize(1);
        }
    }

    @Test
    void tlsWithTheBrokerGoesThroughTlsWithTheProxy() throws Exception {
        try (ProxyServer proxy = ProxyServer.https().knows("b1.invalid", tlsBroker.port())) {
            assertThat(Attempts.metadata("b1.invalid:9093", settings("https", proxy, "SSL")).brokers()).hasSize(1);
        }
    }

    @Test
    void proxyThatDoesNotSpeakTlsIsBlamedOnTheProxysUrl() throws Exception {
        LoopbackServer.Script plain = (socket, number) -> {
            LoopbackServer.write(socket, "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            LoopbackServer.drain(socket);
        };
        try (LoopbackServer proxy = LoopbackServer.start(plain)) {
            assertThat(Attempts.failure("b1.invalid:9092", Map.of("proxy.url", "https://127.0.0.1:" + proxy.port())))
                    .endsWith("that does not speak TLS, but proxy.url begins with https");
        }
    }

    @Test
    void proxyThatIsNotTrustedIsNamedAndToldNothing() throws Exception {
        try (ProxyServer proxy = ProxyServer.https().knows("b1.invalid", kafkaPort)) {
            String words = Attempts.failure("b1.invalid:9092", Map.of("proxy.url", "https://me:planted@127.0.0.1:" + proxy.port()));

            assertThat(words).startsWith("b1.invalid:9092 cannot be reached through the proxy https://127.0.0.1:" + proxy.port() + ": the proxy ");
            assertThat(words).doesNotContain("planted");
            assertThat(proxy.asked()).isEmpty();
        }
    }
}
