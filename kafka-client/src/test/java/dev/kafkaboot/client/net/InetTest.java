package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InetTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "255.249.199.99", "0.0.0.0", "::1", "fe80::1", "2001:db8::127.0.0.1"})
    void addressesNeedNoNameService(String host) {
        assertThat(Inet.isLiteral(host)).isTrue();
        assertThat(Inet.literal(host)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.256", "10.0.0.300", "10.0.0", "1.2.3.4.5", "broker1", "1.example", "g::1"})
    void whatOnlyLooksLikeAnAddressIsLookedUpOffTheLoop(String host) {
        assertThat(Inet.isLiteral(host)).isFalse();
        assertThat(Inet.literal(host)).isNull();
    }

    @Test
    void addressThatIsNoneHasNoBytes() {
        assertThat(Inet.isLiteral("1:2")).isTrue();
        assertThat(Inet.literal("1:2")).isNull();
    }

    @Test
    void addressWithoutAScopeGetsNone() throws Exception {
        assertThat(Inet.named("b1.example", InetAddress.getByName("2001:db8::7")).getHostAddress()).isEqualTo("2001:db8:0:0:0:0:0:7");
    }

    @Test
    void addressIsTheSameUnderAnotherName() throws Exception {
        Inet6Address scoped = Inet6Address.getByAddress("old", InetAddress.getByName("fe80::7").getAddress(), 1);

        InetAddress named = Inet.named("b1.example", scoped);

        assertThat(named.getHostName()).isEqualTo("b1.example");
        assertThat(named).isEqualTo(scoped);
        assertThat(((Inet6Address) named).getScopeId()).isEqualTo(1);
    }
}
