package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.Node;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapServersTest {

    @ParameterizedTest
    @CsvSource({
        "b1:9092, b1, 9092",
        "my-broker.example.com:1, my-broker.example.com, 1",
        "127.0.0.1:65535, 127.0.0.1, 65535",
        "[::1]:9092, ::1, 9092",
        "[fe80::1%eth0]:9092, fe80::1%eth0, 9092",
        "PLAINTEXT://b1:9092, b1, 9092",
        "PLAINTEXT://[::1]:9092, ::1, 9092",
        "under_score:9092, under_score, 9092",
    })
    void hostAndPortAreRead(String entry, String host, int port) {
        assertThat(BootstrapServers.parse(List.of(entry))).containsExactly(new Node(-1, host, port, null));
    }

    @Test
    void entriesAreNumberedBelowZero() {
        assertThat(BootstrapServers.parse(List.of("a:1", "b:2"))).extracting(Node::id).containsExactly(-1, -2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"b1", ":9092", "b1:", "b1:port", "::1:9092", "[]:9092", "b 1:9092", "b1:9092/x", "[b1]:9092", "b1:-1", "b1:99999999999"})
    void entryOfAnotherFormIsRefusedByName(String entry) {
        assertThatThrownBy(() -> BootstrapServers.parse(List.of(entry)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("bootstrap.servers=" + entry + ": it must be host:port");
    }

    @Test
    void portOutOfRangeIsRefused() {
        assertThatThrownBy(() -> BootstrapServers.parse(List.of("b1:0", "b2:65536")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("bootstrap.servers=b1:0: the port must be from 1 to 65535")
                .hasMessageContaining("bootstrap.servers=b2:65536: the port must be from 1 to 65535");
    }

    @Test
    void emptyListIsRefused() {
        assertThatThrownBy(() -> BootstrapServers.parse(List.of())).hasMessageContaining("at least one broker must be given");
    }
}
