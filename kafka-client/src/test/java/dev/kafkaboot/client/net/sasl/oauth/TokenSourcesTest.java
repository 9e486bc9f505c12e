package dev.kafkaboot.client.net.sasl.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.LoginConfig;
import dev.kafkaboot.client.OAuthConfig;
import dev.kafkaboot.client.net.sasl.fetch.CredentialSource;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import dev.kafkaboot.client.security.OAuthToken;
import dev.kafkaboot.client.security.OAuthTokenSupplier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenSourcesTest {

    private static final Moment NOW = new Moment(1_000_000_000_000L, "unique");

    private static CredentialSource<OAuthToken> source(Map<String, ?> given) {
        return TokenSources.of(ClientConfig.of(ConfigKey.union(LoginConfig.KEYS, OAuthConfig.KEYS), given), Map.of());
    }

    @Test
    void suppliersTokenIsTaken() throws Exception {
        OAuthToken token = OAuthToken.of("abc", Instant.EPOCH);
        OAuthTokenSupplier supplier = () -> token;

        assertThat(source(Map.of("sasl.oauthbearer.token.supplier", supplier)).fetch(NOW)).isSameAs(token);
    }

    @Test
    void whatASupplierThrowsIsTriedAgainUnlessItIsARefusal() {
        OAuthTokenSupplier failing = () -> {
            throw new IOException("no route");
        };
        OAuthTokenSupplier refusing = () -> {
            throw new AuthenticationException("revoked");
        };

        assertThatThrownBy(() -> source(Map.of("sasl.oauthbearer.token.supplier", failing)).fetch(NOW))
                .isInstanceOf(CredentialsUnavailableException.class).hasMessageContaining("The token supplier failed: java.io.IOException: no route");
        assertThatThrownBy(() -> source(Map.of("sasl.oauthbearer.token.supplier", refusing)).fetch(NOW))
                .isInstanceOf(AuthenticationException.class).hasMessage("revoked");
    }

    @Test
    void tokenOfAFileIsReadAnewForEachConnection(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "one\n");
        CredentialSource<OAuthToken> source = source(Map.of("sasl.oauthbearer.token.endpoint.url", file.toUri().toString()));

        OAuthToken first = source.fetch(NOW);
        Files.writeString(file, Jwts.unsigned("{\"sub\":\"alice\",\"exp\":1000000030}"));
        OAuthToken second = source.fetch(NOW);

        assertThat(first).isEqualTo(OAuthToken.of("one", null));
        assertThat(second.principal()).isEqualTo("alice");
        assertThat(second.expiry()).isEqualTo(Instant.ofEpochSecond(1_000_000_030));
    }

    @Test
    void missingFileIsWaitedForBecauseSomebodyWritesIt(@TempDir Path directory) {
        Path file = directory.resolve("token");

        assertThatThrownBy(() -> source(Map.of("sasl.oauthbearer.token.endpoint.url", file.toUri().toString())).fetch(NOW))
                .isInstanceOf(CredentialsUnavailableException.class).hasMessage("The token file " + file + " does not exist");
    }

    @Test
    void whatCannotGiveATokenIsRefusedAtConstruction() {
        assertThatThrownBy(() -> source(Map.of())).isInstanceOf(ConfigException.class)
                .hasMessageContaining("sasl.oauthbearer.token.endpoint.url").hasMessageContaining("sasl.oauthbearer.token.supplier");
        assertThatThrownBy(() -> source(Map.of("sasl.oauthbearer.token.endpoint.url", "https://idp/t", "sasl.oauthbearer.jwt.retriever.class",
                "org.apache.kafka.common.security.oauthbearer.FileJwtRetriever")))
                .isInstanceOf(ConfigException.class).hasMessageContaining("must be a file URL");
        assertThatThrownBy(() -> source(Map.of("sasl.oauthbearer.token.endpoint.url", "file:///t", "sasl.oauthbearer.jwt.retriever.class", "jwt-bearer")))
                .isInstanceOf(ConfigException.class).hasMessageContaining("a file is read only if");
        assertThatThrownBy(() -> source(Map.of("sasl.oauthbearer.token.endpoint.url", "https://idp/t", "sasl.oauthbearer.extensions", "auth=1")))
                .isInstanceOf(ConfigException.class).hasMessageContaining("must be of letters and not 'auth'");
    }
}
