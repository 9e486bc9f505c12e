package dev.kafkaboot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTableTest {

    private static AddressMap map(Object given) {
        return ClientConfig.of(CommonConfig.KEYS, Map.of("address.map", given)).get(ProxyConfig.ADDRESS_MAP);
    }

    @ParameterizedTest
    @CsvSource({
        "b1, 9092, 127.0.0.1:19092",
        "B1, 9092, 127.0.0.1:19092",
        "b1, 9093, 10.0.0.1:9093",
        "::1, 9092, '[fe80::1%eth0]:1'",
        "b2, 9092, gate:7",
        "b2, 1, gate:7",
    })
    void brokerIsReachedWhereTheTableSays(String host, int port, String reachable) {
        AddressMap map = map("b1:9092=127.0.0.1:19092, b1:*=10.0.0.1:*, [::1]:9092=[fe80::1%eth0]:1, b2:*=gate:7");

        assertThat(map.reach(new HostPort(host, port))).hasToString(reachable);
    }

    @Test
    void brokerThatIsNotInItIsWhereItSays() {
        assertThat(map("b1:9092=127.0.0.1:19092").reach(new HostPort("b1", 9093))).isNull();
    }

    @Test
    void tableMayBeAMapOrAListOrCode() {
        AddressMap code = advertised -> new HostPort("gate", advertised.port());

        assertThat(map(Map.of("b1:1", "b2:2")).reach(new HostPort("b1", 1))).isEqualTo(new HostPort("b2", 2));
        assertThat(map(List.of("b1:1=b2:2")).reach(new HostPort("b1", 1))).isEqualTo(new HostPort("b2", 2));
        assertThat(map(code)).isSameAs(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"b1:9092", "b1=b2", "b1:1=b2:2=b3:3", "b1:1=b2:*", "b1:0=b2:1", "b1:1=b2:70000", "::1:9092=b1:1", ",", "b1:1=b2:2,B1:1=b3:3", "*=b1:1"})
    void tableOfAnotherFormIsRefused(String text) {
        assertThatThrownBy(() -> map(text)).isInstanceOf(ConfigException.class).hasMessageContaining("it must be advertised=reachable");
    }
}
