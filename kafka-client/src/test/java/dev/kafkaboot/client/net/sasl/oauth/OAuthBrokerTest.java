package dev.kafkaboot.client.net.sasl.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.net.sasl.fetch.IdentityProvider;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.client.security.OAuthToken;
import dev.kafkaboot.client.security.OAuthTokenSupplier;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.test.RealKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against Apache's broker, which checks tokens by the key of the test's mint. */
@Timeout(180)
class OAuthBrokerTest {

    private static @Nullable RealKafka kafka;
    private static @Nullable TokenMint mint;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        TokenMint made = new TokenMint();
        mint = made;
        String jwks = Files.writeString(directory.resolve("jwks.json"), made.jwks()).toUri().toString();
        kafka = RealKafka.builder()
                .jvmArgument("-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=" + jwks)
                .property("sasl.oauthbearer.jwks.endpoint.url", jwks)
                .property("sasl.oauthbearer.expected.audience", TokenMint.AUDIENCE)
                .property("sasl.oauthbearer.expected.issuer", TokenMint.ISSUER)
                .listener("OAUTH", "SASL_PLAINTEXT", Map.of(
                        "sasl.enabled.mechanisms", "OAUTHBEARER",
                        "oauthbearer.connections.max.reauth.ms", "60000",
                        "oauthbearer.sasl.server.callback.handler.class",
                        "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler",
                        "oauthbearer.sasl.jaas.config",
                        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"broker\";"))
                .start();
    }

    @AfterAll
    static void stop() {
        if (kafka != null) {
            kafka.close();
        }
    }

    private static TokenMint mint() {
        return Objects.requireNonNull(mint);
    }

    private static Map<String, Object> config(Map<String, ?> further) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", Objects.requireNonNull(kafka).bootstrapServers("OAUTH"),
                "security.protocol", "SASL_PLAINTEXT", "sasl.allow.plaintext", true, "sasl.mechanism", "OAUTHBEARER"));
        config.putAll(further);
        return config;
    }

    private static Map<String, Object> config(IdentityProvider provider) {
        return config(Map.of("sasl.oauthbearer.token.endpoint.url", provider.url("/token").toString(),
                "sasl.oauthbearer.client.credentials.client.id", "me", "sasl.oauthbearer.client.credentials.client.secret", "s3cret"));
    }

    private static IdentityProvider minting(TokenMint mint, long seconds) {
        return IdentityProvider.http((exchange, asked) -> {
            try {
                IdentityProvider.json(200, "{\"access_token\":\"" + mint.token("alice", seconds) + "\"}").send(exchange, asked);
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        });
    }

    private static String clusterSeen(Map<String, Object> config) throws Exception {
        try (ConnectionManager net = ConnectionManager.create(ClientConfig.of(CommonConfig.KEYS, config))) {
            return String.valueOf(net.send(new MetadataRequest()).get(60, TimeUnit.SECONDS).clusterId());
        }
    }

    @Test
    void brokerTakesATokenOfTheProvider() throws Exception {
        try (IdentityProvider provider = minting(mint(), 600)) {
            assertThat(clusterSeen(config(provider))).isEqualTo(Objects.requireNonNull(kafka).clusterId());
            assertThat(provider.asked()).hasSize(1);
        }
    }

    @Test
    void brokerTakesATokenOfASupplierWithExtensions() throws Exception {
        OAuthTokenSupplier supplier = () -> OAuthToken.of(mint().token("bob", 600), null).withExtensions(Map.of("traceId", "1 2"));

        assertThat(clusterSeen(config(Map.of("sasl.oauthbearer.token.supplier", supplier)))).isEqualTo(Objects.requireNonNull(kafka).clusterId());
    }

    @Test
    void tokenOfAnotherIssuersKeyIsRefusedWithTheBrokersReason() throws Exception {
        try (IdentityProvider provider = minting(new TokenMint(), 600)) {
            assertThatThrownBy(() -> clusterSeen(config(provider)))
                    .hasRootCauseInstanceOf(AuthenticationException.class).hasMessageContaining("invalid_token");
        }
    }

    @Test
    void secretThatTheProviderRefusesFailsTheClient() {
        try (IdentityProvider provider = IdentityProvider.http(IdentityProvider.json(401, "{\"error\":\"invalid_client\"}"))) {
            assertThatThrownBy(() -> clusterSeen(config(provider)))
                    .hasRootCauseInstanceOf(AuthenticationException.class).hasMessageContaining("invalid_client");
        }
    }

    @Test
    void tokensThatExpireUnderLoadAreRenewedAndNoRecordIsLost() throws Exception {
        String topic = "renewed";
        Objects.requireNonNull(kafka).createTopic(topic, 1);
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        try (IdentityProvider provider = minting(mint(), 3);
                KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                        .config(config(provider)).build()) {

            while (provider.asked().size() < 3) { // the time is the broker's: each token ends a session within three seconds
                CompletableFuture<RecordMetadata> acknowledged = producer.send(topic, "record " + sent.size());
                sent.add(acknowledged);
                acknowledged.get(60, TimeUnit.SECONDS);
            }

            assertThat(sent).allSatisfy(future -> assertThat(future).isCompleted());
            assertThat(sent.get(sent.size() - 1).join().offset()).as("each once and in order").isEqualTo(sent.size() - 1L);
        }
    }
}
