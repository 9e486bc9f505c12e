package dev.kafkaboot.client.net.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.proxy.ProxyCredentials;
import dev.kafkaboot.client.proxy.ProxyException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConnectExchangeTest {

    private static final ProxyCredentials USER = new ProxyCredentials("me", Secret.of("geheim:1"));

    private static Dialogue ask(String host, @Nullable ProxyCredentials credentials) throws ProxyException {
        return new Dialogue(HttpConnect.PLAIN.begin(ProxyTargets.of(InetSocketAddress.createUnresolved(host, 9092)), credentials));
    }

    @Test
    void tunnelIsAskedFor() throws Exception {
        assertThat(ask("b1", null).saidText()).isEqualTo("CONNECT b1:9092 HTTP/1.1\r\nHost: b1:9092\r\n\r\n");
        assertThat(ask("10.0.0.1", null).saidText()).startsWith("CONNECT 10.0.0.1:9092 HTTP/1.1\r\n");
    }

    @Test
    void ipv6AddressIsInBracketsAndWithoutItsZone() throws Exception {
        InetAddress scoped = Inet6Address.getByAddress(null, InetAddress.getByName("fe80::1").getAddress(), 1);
        Dialogue withZone = new Dialogue(HttpConnect.PLAIN.begin(ProxyTargets.of(new InetSocketAddress(scoped, 1)), null));

        assertThat(ask("::1", null).saidText()).isEqualTo("CONNECT [0:0:0:0:0:0:0:1]:9092 HTTP/1.1\r\nHost: [0:0:0:0:0:0:0:1]:9092\r\n\r\n");
        assertThat(withZone.saidText()).startsWith("CONNECT [fe80:0:0:0:0:0:0:1]:1 HTTP/1.1\r\n");
    }

    @Test
    void credentialsGoWithIt() throws Exception {
        assertThat(ask("b1", USER).saidText()).contains("\r\nProxy-Authorization: Basic bWU6Z2VoZWltOjE=\r\n\r\n");
    }

    @Test
    void nameThatWouldBecomeAHeaderIsNotSent() {
        assertThatThrownBy(() -> ask("b1 HTTP/1.1\r\nX: y", null)).isInstanceOf(ProxyException.class).hasMessageContaining("this is no host's name");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 200 Connection established\r\n\r\n",
        "HTTP/1.0 200\r\n\r\n",
        "HTTP/1.1 204 \r\nA: b\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\nA: b\n\n",
        "HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    })
    void answerIsReadInPiecesOfAnySizeAndWhatFollowsIsTheBrokers(String answer) throws Exception {
        byte[] bytes = (answer + "\0\0\0\5").getBytes(StandardCharsets.ISO_8859_1);
        for (long seed = 0; seed < 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int most = seed == 0 ? 1 : 1 + random.nextInt(bytes.length);
            Dialogue dialogue = ask("b1", null);

            int from = 0;
            while (!dialogue.isComplete()) {
                int size = Math.min(1 + random.nextInt(most), bytes.length - from);
                dialogue.hear(Arrays.copyOfRange(bytes, from, from + size));
                from += size;
            }

            int early = from - (bytes.length - 4);
            assertThat(dialogue.unread()).as("seed %d", seed).hasSize(early);
            assertThat(early).as("seed %d", seed).isBetween(0, 4);
        }
    }

    @Test
    void refusalIsToldInTheProxysWords() throws Exception {
        Dialogue dialogue = ask("b1", null);

        assertThatThrownBy(() -> dialogue.hear("HTTP/1.1 403 Filtered\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n"))
                .isInstanceOf(ProxyException.class)
                .hasMessage("answered '403 Filtered'");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void firstLineOfATextGoesWithIt(int pieces) throws Exception {
        Dialogue dialogue = ask("b1", null);
        byte[] answer = "HTTP/1.1 403 Forbidden\r\nContent-type: text/plain; charset=utf-8\r\nContent-length: 40\r\n\r\nPort 9092 is not allowed\r\nAsk somebody.."
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> dialogue.hear(answer, left -> Math.min(left, pieces)))
                .isInstanceOf(ProxyException.class)
                .hasMessage("answered '403 Forbidden: Port 9092 is not allowed'");
    }

    @Test
    void textThatDoesNotComeIsNotMissed() throws Exception {
        Dialogue dialogue = ask("b1", null).hear("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\nContent-Length: 40\r\n\r\nhalf a li");

        assertThat(dialogue.exchange().awaited()).isEqualTo("end its refusal: 502 Bad Gateway");
        assertThatThrownBy(() -> dialogue.exchange().ended()).hasMessage("answered '502 Bad Gateway'");
    }

    @Test
    void wordsArePrintableAndShort() throws Exception {
        Dialogue dialogue = ask("b1", null);

        assertThatThrownBy(() -> dialogue.hear("HTTP/1.1 500 \u001b[31m" + "x".repeat(500) + "\r\n\r\n"))
                .hasMessageStartingWith("answered '500 ?[31mxxx")
                .message().hasSizeLessThan(230).endsWith("...'");
    }

    @Test
    void missingPasswordIsToldWithTheRealm() throws Exception {
        Dialogue dialogue = ask("b1", null);

        assertThatThrownBy(() -> dialogue.hear("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"corp\"\r\n\r\n"))
                .hasMessage("wants a user name and password, and proxy.url has none (it wants Basic realm=\"corp\"): '407 Proxy Authentication Required'");
    }

    @Test
    void wrongPasswordIsToldWithoutIt() throws Exception {
        Dialogue dialogue = ask("b1", USER);

        assertThatThrownBy(() -> dialogue.hear("HTTP/1.1 407 No geheim:1 for bWU6Z2VoZWltOjE=\r\n\r\n"))
                .hasMessage("refused the user name and password: '407 No **** for ****'");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "CONNECT b1:9092 geheim:1 Basic bWU6Z2VoZWltOjE=\r\n",
        "CONNECT b1:9092 Basic bWU6Z2VoZWlt",
        "no, geheim",
        "HTTP/1.1 geheim:1 bWU6Z2VoZWltOjE=\r\n\r\n",
    })
    void peerThatEchoesThePasswordIsNotQuotedWithIt(String echo) throws Exception {
        Dialogue dialogue = ask("b1", USER);

        assertThatThrownBy(() -> dialogue.hear(echo)).isInstanceOf(ProxyException.class).message().contains("****").doesNotContain("geheim", "bWU6");
    }

    @Test
    void wrongPasswordMayBeAnsweredAsAServerWouldNotAProxy() throws Exception {
        Dialogue dialogue = ask("b1", USER);

        assertThatThrownBy(() -> dialogue.hear("HTTP/1.0 401 Unauthorized\r\n\r\n"))
                .hasMessage("refused the user name and password: '401 Unauthorized'");
    }

    @Test
    void waysOfAuthenticationThatAreNotSpokenAreNamed() throws Exception {
        Dialogue dialogue = ask("b1", USER);

        assertThatThrownBy(() -> dialogue.hear("HTTP/1.1 407 Denied\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n\r\n"))
                .hasMessageContaining("(it wants Negotiate, NTLM); only Basic is spoken");
    }

    @Test
    void peerThatIsNoHttpProxyIsNamed() throws Exception {
        for (List<String> peer : List.of(
                List.of("\u0015\u0003\u0003", "answered with a TLS record: should proxy.url begin with https?"),
                List.of("\u0005\u00ff", "answered in SOCKS5: should proxy.url begin with socks5?"),
                List.of("SSH-2.0-OpenSSH\r\n", "does not speak HTTP: its answer begins with 'SSH-2.0-OpenSSH??'"),
                List.of("HTTP/2 200\r\n\r\n", "answered with what is no status line of HTTP/1: 'HTTP/2 200'"),
                List.of("HTTP/1.1 OK\r\n\r\n", "answered with what is no status line of HTTP/1: 'HTTP/1.1 OK'"))) {
            Dialogue dialogue = ask("b1", null);

            assertThatThrownBy(() -> dialogue.hear(peer.get(0))).isInstanceOf(ProxyException.class).hasMessage(peer.get(1));
        }
    }
}
