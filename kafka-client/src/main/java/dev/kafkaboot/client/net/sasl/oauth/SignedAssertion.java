package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.OAuthConfig;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.net.sasl.fetch.BoundedFile;
import dev.kafkaboot.client.net.sasl.fetch.Json;
import dev.kafkaboot.client.net.sasl.fetch.JsonText;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signs assertions with a private key (RFC 7515, RFC 7519). Key and template are read for each, so that either may be replaced while the client runs. */
final class SignedAssertion implements Assertion {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Path keyFile;
    private final @Nullable Secret passphrase;
    private final String algorithm;
    private final @Nullable Path templateFile;
    private final AssertionClaims claims;

    private SignedAssertion(Path keyFile, @Nullable Secret passphrase, String algorithm, @Nullable Path templateFile, AssertionClaims claims) {
        this.keyFile = keyFile;
        this.passphrase = passphrase;
        this.algorithm = algorithm;
        this.templateFile = templateFile;
        this.claims = claims;
    }

    static SignedAssertion of(ClientConfig config, Path keyFile) {
        String template = config.find(OAuthConfig.ASSERTION_TEMPLATE_FILE);
        return new SignedAssertion(keyFile, config.find(OAuthConfig.ASSERTION_PRIVATE_KEY_PASSPHRASE), config.get(OAuthConfig.ASSERTION_ALGORITHM),
                template == null ? null : Path.of(template), AssertionClaims.of(config));
    }

    @Override
    public String make(Moment moment) {
        Map<String, Object> template = template();
        Map<String, Object> header = new LinkedHashMap<>(member(template, "header"));
        header.put("alg", algorithm);
        header.putIfAbsent("typ", "JWT");
        Map<String, Object> payload = new LinkedHashMap<>(member(template, "payload"));
        claims.addTo(payload, moment);
        String signed = encoded(header) + "." + encoded(payload);
        return signed + "." + BASE64.encodeToString(signature(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private Map<String, Object> template() {
        if (templateFile == null) {
            return Map.of();
        }
        try {
            return Json.object(BoundedFile.read(templateFile, "assertion template"));
        } catch (IllegalArgumentException notJson) {
            throw new AuthenticationException("The assertion template " + templateFile + " " + notJson.getMessage(), notJson);
        }
    }

    private Map<String, Object> member(Map<String, Object> template, String name) {
        Object member = template.getOrDefault(name, Map.of());
        if (!(member instanceof Map<?, ?> object)) {
            throw new AuthenticationException("The '" + name + "' of the assertion template " + templateFile + " must be an object");
        }
        Map<String, Object> members = new LinkedHashMap<>();
        object.forEach((key, value) -> members.put(String.valueOf(key), value));
        return members;
    }

    private static String encoded(Map<String, Object> part) {
        return BASE64.encodeToString(JsonText.of(part).getBytes(StandardCharsets.UTF_8));
    }

    private byte[] signature(byte[] signed) {
        PrivateKey key = PrivateKeyFile.read(keyFile, passphrase, algorithm, algorithm.equals("ES256") ? "EC" : "RSA");
        try {
            // JWS wants the two numbers of an ECDSA signature side by side and not in DER (RFC 7518, 3.4).
            Signature signature = Signature.getInstance(algorithm.equals("ES256") ? "SHA256withECDSAinP1363Format" : "SHA256withRSA");
            signature.initSign(key);
            signature.update(signed);
            return signature.sign();
        } catch (GeneralSecurityException failure) {
            throw new AuthenticationException("The key in " + keyFile + " cannot sign by " + algorithm + ": " + failure.getMessage(), failure);
        }
    }
}
