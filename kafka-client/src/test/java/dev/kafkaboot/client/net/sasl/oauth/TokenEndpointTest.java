package dev.kafkaboot.client.net.sasl.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.LoginConfig;
import dev.kafkaboot.client.OAuthConfig;
import dev.kafkaboot.client.net.sasl.fetch.IdentityProvider;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import dev.kafkaboot.client.security.OAuthToken;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenEndpointTest {

    private static final Moment NOW = new Moment(1_000_000_000_000L, "0123");
    private static final String GOOD = "{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":60}";

    private final IdentityProvider provider = IdentityProvider.http(IdentityProvider.json(200, GOOD));

    @AfterEach
    void stop() {
        provider.close();
    }

    private OAuthToken fetch(Map<String, Object> further, Map<String, String> jaasOptions) throws Exception {
        Map<String, Object> given = new HashMap<>(further);
        given.put("sasl.oauthbearer.token.endpoint.url", provider.url("/token?tenant=s3cret").toString());
        ClientConfig config = ClientConfig.of(ConfigKey.union(LoginConfig.KEYS, OAuthConfig.KEYS), given);
        return TokenSources.of(config, jaasOptions).fetch(NOW);
    }

    private OAuthToken fetch() throws Exception {
        return fetch(Map.of(), Map.of("clientId", "me", "clientSecret", "s3cret"));
    }

    @Test
    void clientProvesItselfByIdAndSecret() throws Exception {
        OAuthToken token = fetch(Map.of("sasl.oauthbearer.client.credentials.client.id", "a+b", "sasl.oauthbearer.client.credentials.client.secret", "p/q",
                "sasl.oauthbearer.scope", "kafka read"), Map.of("clientId", "ignored"));

        assertThat(token).isEqualTo(OAuthToken.of("abc", Instant.ofEpochMilli(NOW.nowMillis()).plusSeconds(60)).withPrincipal("a+b"));
        assertThat(provider.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.method()).isEqualTo("POST");
            assertThat(asked.headers().get("Authorization")).as("a+b:p/q").isEqualTo("Basic YStiOnAvcQ==");
            assertThat(asked.form()).containsExactly(Map.entry("grant_type", "client_credentials"), Map.entry("scope", "kafka read"));
        });
    }

    @Test
    void idAndSecretAreEncodedIfToldSo() throws Exception {
        fetch(Map.of("sasl.oauthbearer.header.urlencode", true), Map.of("clientId", "a+b", "clientSecret", "p/q"));

        assertThat(provider.asked().get(0).headers().get("Authorization")).as("a%%2Bb:p%%2Fq").isEqualTo("Basic YSUyQmI6cCUyRnE=");
    }

    @Test
    void claimsOfATokenCountForMoreThanTheAnswer() throws Exception {
        String jwt = Jwts.unsigned("{\"sub\":\"alice\",\"exp\":1000000030,\"scope\":\"a b\"}");
        provider.answerWith(IdentityProvider.json(200, "{\"access_token\":\"" + jwt + "\",\"expires_in\":60}"));

        OAuthToken token = fetch();

        assertThat(token.expiry()).isEqualTo(Instant.ofEpochSecond(1_000_000_030));
        assertThat(token.principal()).isEqualTo("alice");
        assertThat(token.scopes()).containsExactly("a", "b");
    }

    @Test
    void earlierOfTheTwoExpiriesCounts() throws Exception {
        String jwt = Jwts.unsigned("{\"sub\":\"alice\",\"exp\":1000000030}");
        provider.answerWith(IdentityProvider.json(200, "{\"access_token\":\"" + jwt + "\",\"expires_in\":20}"));

        OAuthToken token = fetch();

        assertThat(token.expiry()).isEqualTo(Instant.ofEpochSecond(1_000_000_020));
    }

    @Test
    void opaqueTokenMayHaveTwoDots() throws Exception {
        provider.answerWith(IdentityProvider.json(200, "{\"access_token\":\"ya29.c.abc\",\"expires_in\":60}"));

        OAuthToken token = fetch();

        assertThat(token).isEqualTo(OAuthToken.of("ya29.c.abc", Instant.ofEpochMilli(NOW.nowMillis()).plusSeconds(60)).withPrincipal("me"));
    }

    @Test
    void extensionsOfTheConfigurationGoWithEachToken() throws Exception {
        OAuthToken token = fetch(Map.of("sasl.oauthbearer.extensions", "traceId=1,pool=x=y"), Map.of("clientId", "me", "clientSecret", "s"));

        assertThat(token.extensions()).containsExactly(Map.entry("traceId", "1"), Map.entry("pool", "x=y"));
    }

    @Test
    void extensionsMayBeOptionsOfJaas() throws Exception {
        OAuthToken token = fetch(Map.of(), Map.of("clientId", "me", "clientSecret", "s", "extension_b", "2", "extension_a", "1"));

        assertThat(token.extensions()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404})
    void refusalIsFinalAndTellsTheCodeAlone(int status) {
        provider.answerWith(IdentityProvider.json(status, "{\"error\":\"invalid_client\",\"error_description\":\"s3cret\"}"));

        assertThatThrownBy(this::fetch).isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("/token answered the request for a token with status " + status + ": invalid_client")
                .hasMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503})
    void passingTroubleIsTriedAgain(int status) {
        provider.answerWith(IdentityProvider.text(status, "text/html", "<html>s3cret"));

        assertThatThrownBy(this::fetch).isInstanceOf(CredentialsUnavailableException.class)
                .hasMessageEndingWith("with status " + status);
    }

    @Test
    void redirectIsNotFollowed() {
        try (IdentityProvider other = IdentityProvider.http(IdentityProvider.json(200, GOOD))) {
            provider.answerWith(IdentityProvider.redirect(other.url("/s3cret").toString()));

            assertThatThrownBy(this::fetch).isInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("redirects to 127.0.0.1; redirects are not followed").hasMessageNotContaining("s3cret");
            assertThat(other.asked()).isEmpty();
        }
    }

    @Test
    void answerOfAnotherTypeIsNamed() {
        provider.answerWith(IdentityProvider.text(200, "text/html", "<html>s3cret"));

        assertThatThrownBy(this::fetch).isInstanceOf(CredentialsUnavailableException.class)
                .hasMessageContaining("answered with text/html where JSON was expected").hasMessageNotContaining("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "{\"access_token\":7}", "{\"access_token\":\"a b\"}", "{\"access_token\":\"a.b.c\"}", "{\"access_token\":\"\"}"})
    void answerWithoutATokenIsNone(String body) {
        provider.answerWith(IdentityProvider.json(200, body));

        assertThatThrownBy(this::fetch).isInstanceOf(CredentialsUnavailableException.class);
    }

    @Test
    void hugeAnswerIsBrokenOff() {
        provider.answerWith((exchange, asked) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] part = new byte[8 * 1024];
            for (int sent = 0; sent < 1_000; sent++) {
                exchange.getResponseBody().write(part);
            }
        });

        assertThatThrownBy(this::fetch).isInstanceOf(CredentialsUnavailableException.class).hasMessageContaining("longer than 65536 bytes");
    }

    @Test
    void answerThatDripsOnIsWaitedForNoLongerThanTheLimit() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        provider.answerWith((exchange, asked) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                end.await();
            } catch (InterruptedException closing) {
                throw new IOException(closing);
            }
        });

        try {
            assertThatThrownBy(() -> fetch(Map.of("sasl.login.connect.timeout.ms", 50, "sasl.login.read.timeout.ms", 50),
                    Map.of("clientId", "me", "clientSecret", "s3cret")))
                    .isInstanceOf(CredentialsUnavailableException.class).hasMessageContaining("/token did not answer within 100 ms");
        } finally {
            end.countDown();
        }
    }

    @Test
    void nobodyThereIsTold() {
        provider.close();

        assertThatThrownBy(this::fetch).isInstanceOf(CredentialsUnavailableException.class).hasMessageContaining("could not be asked")
                .hasMessageNotContaining("tenant");
    }
}
