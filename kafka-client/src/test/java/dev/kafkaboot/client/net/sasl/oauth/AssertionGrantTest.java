package dev.kafkaboot.client.net.sasl.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.OAuthConfig;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssertionGrantTest {

    private static final Moment NOW = new Moment(1_000_000_000_999L, "unique");

    /** Made by {@code openssl pkcs8 -topk8 -v2 aes-256-cbc -passout pass:s3cret}; of use for nothing else. */
    private static final String OPENSSLS_KEY = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjV5sGraL1OtQICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEA1LcBkyYmOSrH7Zry5GRBwEgZC2
            y2Tw3fnaH05pXYFknYTb/9tGCUw08s0td5eVWbkGmwn6mHmhhOaPI0duxnsskapU
            dxD1eTRSEerO1t9NG2ni3L64MthndXOg4QJuRRQ07QUjK4Ym3QVL2PHq1fiGbrhf
            uide8ty4WCRROB05x1UYrKqMQLptlxhJCCY8dJ331c8K0+R8jehucyNLZTkNAuc=
            -----END ENCRYPTED PRIVATE KEY-----
            """;

    private static final String OPENSSLS_PUBLIC_KEY = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeIm2+c45AuLOiovQHmN/lRTe00f89ZjYOgz63bFEsHUKfy9zHZKSmy4WjUrwsU4m"
            + "Ma4MQ8BEyfJCmSvYgV20oQ==";

    @TempDir
    private Path directory;

    private static KeyPair keys(String type, int size) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
        generator.initialize(size);
        return generator.generateKeyPair();
    }

    private Path pem(String label, byte[] der) throws IOException {
        String text = "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label + "-----\n";
        return Files.writeString(directory.resolve("key.pem"), text);
    }

    private static ClientConfig config(Map<String, ?> given) {
        return ClientConfig.of(OAuthConfig.KEYS, given);
    }

    private static boolean isSigned(String jwt, String algorithm, PublicKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initVerify(key);
        signature.update(jwt.substring(0, jwt.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(jwt.substring(jwt.lastIndexOf('.') + 1)));
    }

    private static String assertion(Map<String, ?> given) {
        return String.valueOf(JwtBearerGrant.of(config(given), Map.of()).content(NOW).form().get("assertion"));
    }

    @Test
    void assertionIsSignedWithAnRsaKeyAndClaimsWhatTheConfigurationSays() throws Exception {
        KeyPair keys = keys("RSA", 2048);
        Path file = pem("PRIVATE KEY", keys.getPrivate().getEncoded());

        String jwt = assertion(Map.of("sasl.oauthbearer.assertion.private.key.file", file.toString(), "sasl.oauthbearer.assertion.claim.iss", "me",
                "sasl.oauthbearer.assertion.claim.sub", "alice", "sasl.oauthbearer.assertion.claim.aud", "https://idp",
                "sasl.oauthbearer.assertion.claim.jti.include", true));

        assertThat(isSigned(jwt, "SHA256withRSA", keys.getPublic())).isTrue();
        assertThat(Jwts.part(jwt, 0)).containsExactly(Map.entry("alg", "RS256"), Map.entry("typ", "JWT"));
        assertThat(Jwts.part(jwt, 1)).containsExactly(Map.entry("iss", "me"), Map.entry("sub", "alice"), Map.entry("aud", "https://idp"),
                Map.entry("iat", 1_000_000_000L), Map.entry("exp", 1_000_000_300L), Map.entry("nbf", 999_999_940L), Map.entry("jti", "unique"));
    }

    @Test
    void assertionIsSignedWithAnEllipticKeyInTheFormOfJws() throws Exception {
        KeyPair keys = keys("EC", 256);
        Path file = pem("PRIVATE KEY", keys.getPrivate().getEncoded());

        String jwt = assertion(Map.of("sasl.oauthbearer.assertion.private.key.file", file.toString(), "sasl.oauthbearer.assertion.algorithm", "es256"));

        assertThat(isSigned(jwt, "SHA256withECDSAinP1363Format", keys.getPublic())).isTrue();
        assertThat(Jwts.part(jwt, 0)).containsEntry("alg", "ES256");
    }

    @Test
    void keyMayBeEncrypted() throws Exception {
        PublicKey publicKey = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(OPENSSLS_PUBLIC_KEY)));
        Path file = Files.writeString(directory.resolve("key.pem"), OPENSSLS_KEY);
        Map<String, Object> given = new HashMap<>(Map.of("sasl.oauthbearer.assertion.private.key.file", file.toString(),
                "sasl.oauthbearer.assertion.algorithm", "ES256", "sasl.oauthbearer.assertion.private.key.passphrase", "s3cret"));

        assertThat(isSigned(assertion(given), "SHA256withECDSAinP1363Format", publicKey)).isTrue();
        given.put("sasl.oauthbearer.assertion.private.key.passphrase", "wr0ng");
        assertThatThrownBy(() -> assertion(given)).isInstanceOf(AuthenticationException.class)
                .hasMessageContaining(file + " cannot be used: sasl.oauthbearer.assertion.private.key.passphrase does not open the private key")
                .hasMessageNotContaining("wr0ng");
        given.remove("sasl.oauthbearer.assertion.private.key.passphrase");
        assertThatThrownBy(() -> assertion(given)).isInstanceOf(AuthenticationException.class).hasMessageEndingWith("the private key is encrypted, and sasl.oauthbearer.assertion.private.key.passphrase is not given");
    }

    @Test
    void whatIsNoKeyOrOneOfAnotherTypeIsRefused() throws Exception {
        Path damaged = pem("RSA PRIVATE KEY", new byte[10]);
        assertThatThrownBy(() -> assertion(Map.of("sasl.oauthbearer.assertion.private.key.file", damaged.toString())))
                .isInstanceOf(AuthenticationException.class).hasMessageStartingWith("The private key file " + damaged + " cannot be used: it is not a private key");

        Path other = pem("PRIVATE KEY", keys("EC", 256).getPrivate().getEncoded());
        assertThatThrownBy(() -> assertion(Map.of("sasl.oauthbearer.assertion.private.key.file", other.toString())))
                .isInstanceOf(AuthenticationException.class).hasMessageEndingWith("the key is of type EC, and RS256 needs one of type RSA");

        Path empty = Files.writeString(directory.resolve("empty.pem"), "nothing");
        assertThatThrownBy(() -> assertion(Map.of("sasl.oauthbearer.assertion.private.key.file", empty.toString())))
                .isInstanceOf(AuthenticationException.class).hasMessageEndingWith("there is no private key in it");
    }

    @Test
    void templateAddsAKeyIdAndClaimsAndNeverTheAlgorithm() throws Exception {
        KeyPair keys = keys("EC", 256);
        Path file = pem("PRIVATE KEY", keys.getPrivate().getEncoded());
        Path template = Files.writeString(directory.resolve("template.json"),
                "{\"header\":{\"kid\":\"key-1\",\"alg\":\"none\"},\"payload\":{\"tenant\":\"t\",\"iss\":\"template\"}}");

        String jwt = assertion(Map.of("sasl.oauthbearer.assertion.private.key.file", file.toString(), "sasl.oauthbearer.assertion.algorithm", "ES256",
                "sasl.oauthbearer.assertion.template.file", template.toString(), "sasl.oauthbearer.assertion.claim.iss", "me"));

        assertThat(Jwts.part(jwt, 0)).containsEntry("kid", "key-1").containsEntry("alg", "ES256");
        assertThat(Jwts.part(jwt, 1)).containsEntry("tenant", "t").containsEntry("iss", "me");
    }

    @Test
    void assertionOfAFileIsReadAnewForEachToken() throws Exception {
        Path file = Files.writeString(directory.resolve("assertion"), "one\n");
        GrantRequest grant = ClientCredentialsGrant.of(config(Map.of("sasl.oauthbearer.assertion.file", file.toString(),
                "sasl.oauthbearer.client.credentials.client.id", "me", "sasl.oauthbearer.client.credentials.client.secret", "unused")), Map.of());

        GrantRequest.Content first = grant.content(NOW);
        Files.writeString(file, "two\n");
        GrantRequest.Content second = grant.content(NOW);

        assertThat(first.form()).containsExactly(Map.entry("grant_type", "client_credentials"), Map.entry("client_id", "me"),
                Map.entry("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), Map.entry("client_assertion", "one"));
        assertThat(first.authorization()).as("the secret is not sent beside an assertion").isNull();
        assertThat(second.form()).containsEntry("client_assertion", "two");
    }

    @Test
    void bearerGrantChangesTheAssertionForAToken() throws Exception {
        Path file = Files.writeString(directory.resolve("assertion"), "one");

        GrantRequest.Content content = JwtBearerGrant.of(config(Map.of("sasl.oauthbearer.assertion.file", file.toString(),
                "sasl.oauthbearer.scope", "kafka")), Map.of()).content(NOW);

        assertThat(content.form()).containsExactly(Map.entry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                Map.entry("assertion", "one"), Map.entry("scope", "kafka"));
    }

    @Test
    void grantWithoutProofIsRefusedAtConstruction() {
        assertThatThrownBy(() -> JwtBearerGrant.of(config(Map.of()), Map.of())).isInstanceOf(ConfigException.class)
                .hasMessageContaining("sasl.oauthbearer.assertion.private.key.file");
        assertThatThrownBy(() -> ClientCredentialsGrant.of(config(Map.of()), Map.of("clientId", "me"))).isInstanceOf(ConfigException.class)
                .hasMessageContaining("sasl.oauthbearer.client.credentials.client.secret");
    }
}
