package dev.kafkaboot.client.net.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.proxy.ProxyCredentials;
import dev.kafkaboot.client.proxy.ProxyException;
import dev.kafkaboot.client.proxy.ProxyTarget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Socks5ExchangeTest {

    private static final ProxyCredentials USER = new ProxyCredentials("me", Secret.of("pä"));

    private static Dialogue ask(String host, @Nullable ProxyCredentials credentials) throws ProxyException {
        return new Dialogue(Socks5.PROXY_RESOLVES.begin(ProxyTargets.of(InetSocketAddress.createUnresolved(host, 9092)), credentials));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static final byte[] CONNECTED = bytes(5, 0, 0, 1, 127, 0, 0, 1, 0x1f, 0x90);

    @Test
    void nameIsPassedToTheProxy() throws Exception {
        Dialogue dialogue = ask("b1", null);
        assertThat(dialogue.said()).containsExactly(5, 1, 0);

        dialogue.hear(bytes(5, 0));

        assertThat(dialogue.said()).containsExactly(5, 1, 0, 3, 2, 'b', '1', 0x23, 0x84);
        assertThat(dialogue.hear(CONNECTED).isComplete()).isTrue();
        assertThat(dialogue.said()).isEmpty();
    }

    @Test
    void addressIsPassedAsOne() throws Exception {
        assertThat(ask("10.0.0.1", null).hear(bytes(5, 0)).said()).endsWith(1, 10, 0, 0, 1, 0x23, 0x84);
        assertThat(ask("::1", null).hear(bytes(5, 0)).said()).endsWith(bytes(4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x23, 0x84));
        ProxyTarget lookedUp = ProxyTargets.of(new InetSocketAddress(InetAddress.getByAddress("b1", bytes(10, 0, 0, 2)), 9092));
        assertThat(new Dialogue(Socks5.CLIENT_RESOLVES.begin(lookedUp, null)).hear(bytes(5, 0)).said()).endsWith(1, 10, 0, 0, 2, 0x23, 0x84);
    }

    @Test
    void userAndPasswordAreSentIfTheProxyWantsThem() throws Exception {
        Dialogue dialogue = ask("b1", USER);
        assertThat(dialogue.said()).containsExactly(5, 2, 0, 2);

        dialogue.hear(bytes(5, 2));

        assertThat(dialogue.said()).isEqualTo(bytes(1, 2, 'm', 'e', 3, 'p', 0xc3, 0xa4));
        assertThat(dialogue.hear(bytes(1, 0)).said()).startsWith(5, 1, 0);
    }

    @Test
    void userAndPasswordAreNotSentIfTheProxyDoesNotWantThem() throws Exception {
        Dialogue dialogue = ask("b1", USER);
        dialogue.said();

        assertThat(dialogue.hear(bytes(5, 0)).said()).startsWith(5, 1, 0);
    }

    static Stream<Arguments> replies() {
        return Stream.of(
                Arguments.of("an IPv4 address", CONNECTED),
                Arguments.of("an IPv6 address", bytes(5, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1)),
                Arguments.of("a name", bytes(5, 0, 0, 3, 5, 'p', 'r', 'o', 'x', 'y', 0, 1)),
                Arguments.of("an empty name", bytes(5, 0, 0, 3, 0, 0, 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("replies")
    void replyIsReadAndWhatFollowsIsTheBrokers(String what, byte[] reply) throws Exception {
        Dialogue dialogue = ask("b1", null).hear(bytes(5, 0));
        byte[] more = new byte[reply.length + 2];
        System.arraycopy(reply, 0, more, 0, reply.length);
        more[reply.length] = 42;

        dialogue.hear(more);

        assertThat(dialogue.isComplete()).as(what).isTrue();
        assertThat(dialogue.unread()).containsExactly(42, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersComeInPiecesOfAnySize(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        for (int run = 0; run < 200; run++) {
            Dialogue dialogue = ask("b1", USER);
            dialogue.hear(bytes(5, 2), left -> 1 + random.nextInt(left));
            dialogue.hear(bytes(1, 0), left -> 1 + random.nextInt(left));
            byte[] reply = (byte[]) replies().toList().get(random.nextInt(4)).get()[1];
            dialogue.said();

            dialogue.hear(reply, left -> 1 + random.nextInt(left));

            assertThat(dialogue.isComplete()).as("seed %d, run %d", seed, run).isTrue();
            assertThat(dialogue.unread()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, general failure of the SOCKS server (1)",
        "2, its rules do not allow the connection (2)",
        "3, the network cannot be reached (3)",
        "4, the host cannot be reached (4)",
        "5, the connection was refused (5)",
        "6, the time to live has expired (6)",
        "7, the command is not supported (7)",
        "8, the type of address is not supported (8)",
        "9, 'failure 9, which the standard does not know'",
        "255, 'failure 255, which the standard does not know'",
    })
    void refusalIsTold(int code, String words) throws Exception {
        Dialogue dialogue = ask("b1", null).hear(bytes(5, 0));

        assertThatThrownBy(() -> dialogue.hear(bytes(5, code))).isInstanceOf(ProxyException.class).hasMessage("answered: " + words);
    }

    @Test
    void wrongPasswordIsToldWithoutIt() throws Exception {
        Dialogue dialogue = ask("b1", USER).hear(bytes(5, 2));

        assertThatThrownBy(() -> dialogue.hear(bytes(1, 1))).hasMessage("refused the user name and password (status 1)");
    }

    @Test
    void missingPasswordIsTold() throws Exception {
        Dialogue without = ask("b1", null);
        Dialogue with = ask("b1", USER);
        Dialogue notOffered = ask("b1", null);

        assertThatThrownBy(() -> without.hear(bytes(5, 0xff))).hasMessageContaining("proxy.url has no user name and password");
        assertThatThrownBy(() -> with.hear(bytes(5, 0xff))).hasMessageContaining("accepts neither a user name with password nor to go without");
        assertThatThrownBy(() -> notOffered.hear(bytes(5, 2))).hasMessage("chose a way of authentication that was not offered (2)");
    }

    @Test
    void peerThatIsNoSocksProxyIsNamed() throws Exception {
        Dialogue http = ask("b1", null);
        Dialogue other = ask("b1", null);
        Dialogue reply = ask("b1", null).hear(bytes(5, 0));

        assertThatThrownBy(() -> http.hear("H")).hasMessageContaining("answered in HTTP, not in SOCKS5");
        assertThatThrownBy(() -> other.hear(bytes(4))).hasMessageContaining("does not speak SOCKS5: where its version is due it sent 4");
        assertThatThrownBy(() -> reply.hear(bytes(5, 0, 0, 2, 0))).hasMessageContaining("an address of an unknown type (2)");
    }

    @Test
    void whatCanBeNoNameIsNotSent() {
        assertThatThrownBy(() -> ask("b1\r\nevil: yes", null)).isInstanceOf(ProxyException.class).hasMessageContaining("this is no host's name: 'b1??evil: yes'");
        assertThatThrownBy(() -> ask("", null)).isInstanceOf(ProxyException.class);
        assertThatThrownBy(() -> ask("b.".repeat(128) + "b", null)).isInstanceOf(ProxyException.class).hasMessageContaining("255");
    }

    @Test
    void nameInOtherLettersIsWrittenAsTheNameServiceHasIt() throws Exception {
        byte[] said = ask("bücher.example", null).hear(bytes(5, 0)).said();

        assertThat(new String(said, StandardCharsets.ISO_8859_1)).contains("xn--bcher-kva.example");
    }
}
