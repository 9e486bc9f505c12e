package dev.kafkaboot.client.net.sasl.oauth;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ConfigException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenUrlTest {

    @ParameterizedTest
    @ValueSource(strings = {"idp.example/token", "ftp://idp/token", "https:///token", "https://idp/token#x", "https://a b/", "jar:file:/x!/y"})
    void whatIsNoAddressOfTokensIsRefused(String url) {
        assertThatThrownBy(() -> TokenUrl.parse(url)).isInstanceOf(ConfigException.class).hasMessageContaining("it must be an https or file URL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://me:s3cret@idp/token", "https://me:s3/cret@idp/token", "https://me:x@s3cret/x@idp/token", "https://me:s3 cret@idp/token"})
    void passwordInTheAddressIsRefusedAndNotShown(String url) {
        assertThatThrownBy(() -> TokenUrl.parse(url))
                .isInstanceOf(ConfigException.class).hasMessageContaining("https://****@idp/token").hasMessageNotContaining("me:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://idp.example/token", "http://127.0.0.1.example.com/", "http://10.0.0.1/", "http://localhost.example/"})
    void plainHttpToElsewhereIsRefused(String url) {
        URI parsed = TokenUrl.parse(url);

        assertThatThrownBy(() -> TokenUrl.requireSafe(parsed, /* allowInsecure= */ false))
                .isInstanceOf(ConfigException.class).hasMessageContaining("it must be https").hasMessageContaining("sasl.oauthbearer.allow.insecure.url");
        assertThatCode(() -> TokenUrl.requireSafe(parsed, /* allowInsecure= */ true)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8080/token", "http://127.0.0.1/t", "http://[::1]:1/t", "HTTPS://idp.example/token"})
    void httpsAndThisMachineAreAllowed(String url) {
        assertThatCode(() -> TokenUrl.requireSafe(TokenUrl.parse(url), /* allowInsecure= */ false)).doesNotThrowAnyException();
    }
}
