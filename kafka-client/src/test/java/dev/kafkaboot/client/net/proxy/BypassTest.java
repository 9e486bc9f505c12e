package dev.kafkaboot.client.net.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.net.TransportFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BypassTest {

    @ParameterizedTest
    @CsvSource({
        "*, b1, 9092",
        "b1, B1, 9092",
        "b1, b1., 9092",
        "b1., b1, 9092",
        "example.com, example.com, 1",
        "example.com, b1.example.com, 1",
        ".example.com, b1.example.com, 1",
        "*.Example.com, a.b.example.com, 1",
        "b1:9092, b1, 9092",
        "10.1.2.3, 10.1.2.3, 1",
        "10.1.2.3:9092, 10.1.2.3, 9092",
        "10.0.0.0/8, 10.255.0.1, 1",
        "10.128.0.0/9, 10.128.0.1, 1",
        "0.0.0.0/0, 1.2.3.4, 1",
        "fd00::/8, fd12:3::4, 1",
        "::1, 0:0:0:0:0:0:0:1, 1",
        "[::1]:9092, ::1, 9092",
        "[::1], ::1, 9092",
        "localhost, localhost, 1",
        "localhost, a.localhost, 1",
        "localhost, 127.3.4.5, 1",
        "localhost, ::1, 1",
    })
    void hostIsReachedWithoutTheProxy(String entry, String host, int port) {
        assertThat(Bypass.parse(List.of("other", entry)).matches(host, port)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "b1, b12, 1",
        "example.com, notexample.com, 1",
        ".example.com, example.com, 1",
        "b1:9092, b1, 9093",
        "10.0.0.0/8, 11.0.0.1, 1",
        "10.128.0.0/9, 10.127.0.1, 1",
        "10.0.0.0/8, b1, 1",
        "10.0.0.0/8, ::1, 1",
        "[::1]:9092, ::1, 9093",
        "localhost, localhost.example, 1",
        "2.3.4, 1.2.3.4, 1",
    })
    void otherHostsAreReachedThroughIt(String entry, String host, int port) {
        assertThat(Bypass.parse(List.of(entry)).matches(host, port)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "b1/8", "10.0.0.0/", "b1:", "b1:0", "b1:x", "a b", "[b1]"})
    void entryOfAnotherFormIsRefusedByName(String entry) {
        ClientConfig config = ClientConfig.of(CommonConfig.KEYS, Map.of("proxy.url", "socks5://p", "proxy.bypass", entry));

        assertThatThrownBy(() -> ProxyTransports.of(config, TransportFactory.PLAIN))
                .hasMessageContaining("proxy.bypass=" + entry + ": '" + entry + "' is neither a host");
    }

    @Test
    void withoutEntriesNobodyIsLetPast() {
        assertThat(Bypass.parse(List.of()).matches("localhost", 1)).isFalse();
    }
}
