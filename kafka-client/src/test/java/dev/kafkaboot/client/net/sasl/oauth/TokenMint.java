package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.net.sasl.fetch.JsonText;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Signs tokens that a broker takes which knows the key. */
final class TokenMint {

    static final String ISSUER = "https://issuer.test";
    static final String AUDIENCE = "kafka";

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final KeyPair keys;

    TokenMint() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
    }

    /** The key as brokers read it (RFC 7517). */
    String jwks() {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        return JsonText.of(Map.of("keys", List.of(Map.of("kty", "RSA", "kid", "mint", "use", "sig", "alg", "RS256",
                "n", unsigned(key.getModulus()), "e", unsigned(key.getPublicExponent())))));
    }

    private static String unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        return BASE64.encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
    }

    /** A token for somebody that expires after some seconds. */
    String token(String subject, long seconds) throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        String signed = part(Map.of("alg", "RS256", "kid", "mint")) + "."
                + part(Map.of("sub", subject, "iss", ISSUER, "aud", AUDIENCE, "scope", "kafka", "iat", now, "exp", now + seconds));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + BASE64.encodeToString(signature.sign());
    }

    private static String part(Map<String, Object> members) {
        return BASE64.encodeToString(JsonText.of(members).getBytes(StandardCharsets.UTF_8));
    }
}
