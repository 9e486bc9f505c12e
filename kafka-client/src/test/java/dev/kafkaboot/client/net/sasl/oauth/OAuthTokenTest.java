package dev.kafkaboot.client.net.sasl.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.security.OAuthToken;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OAuthTokenTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\u0001b", "=", "a=b", "tökén", "a\n"})
    void valueThatCouldEndTheHeaderIsRefused(String value) {
        assertThatThrownBy(() -> OAuthToken.of(value, null)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("RFC 6750");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth", "", "a1", "a=b", "a\u0001"})
    void nameOfAnExtensionIsOfLettersAndNotAuth(String name) {
        OAuthToken token = OAuthToken.of("abc", null);

        assertThatThrownBy(() -> token.withExtensions(Map.of(name, "x"))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\u0001b", "é"})
    void valueOfAnExtensionIsPrintable(String value) {
        OAuthToken token = OAuthToken.of("abc", null);

        assertThatThrownBy(() -> token.withExtensions(Map.of("traceId", value))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("traceId");
    }

    @Test
    void valueIsNotPrinted() {
        OAuthToken token = OAuthToken.of("s3cret", Instant.EPOCH).withPrincipal("alice");

        assertThat(token).hasToString("token of alice, expires at 1970-01-01T00:00:00Z");
    }
}
