package dev.kafkaboot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HeadersTest {

    @Test
    void keepsOrderAndRepeatedNames() {
        Headers headers = Headers.of(Header.of("trace", "1"), Header.of("type", "a"), Header.of("trace", "2"));

        assertThat(headers).extracting(Header::key).containsExactly("trace", "type", "trace");
        assertThat(headers.lastHeader("trace")).isEqualTo(Header.of("trace", "2"));
        assertThat(headers.headers("trace")).hasSize(2);
        assertThat(headers.remove("trace")).extracting(Header::key).containsExactly("type");
        assertThat(headers.lastHeader("trace")).isNull();
    }

    @Test
    void theSharedEmptyOnesRefuseChanges() {
        assertThat(Headers.none()).isEmpty();
        assertThatThrownBy(() -> Headers.none().add("a", "b")).isInstanceOf(UnsupportedOperationException.class);
        assertThat(Headers.none().copy().add("a", "b").size()).isEqualTo(1);
        assertThat(Headers.copyOf(new Headers())).isSameAs(Headers.none());
    }

    @Test
    void doesNotPrintContents() {
        assertThat(Headers.of(Header.of("token", "hunter2")).toString()).isEqualTo("[token=7 bytes]");
    }
}
