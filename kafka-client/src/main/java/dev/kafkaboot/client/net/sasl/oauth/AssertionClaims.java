package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.OAuthConfig;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What assertions claim by the configuration.
 *
 * @param fixed issuer, subject and audience, as far as they are given
 * @param expSeconds how long from now they expire
 * @param nbfSeconds how long before now they have been valid
 * @param hasId whether each has an id
 */
record AssertionClaims(Map<String, String> fixed, int expSeconds, int nbfSeconds, boolean hasId) {

    static AssertionClaims of(ClientConfig config) {
        Map<String, String> fixed = new LinkedHashMap<>();
        putIfGiven(fixed, "iss", config.find(OAuthConfig.ASSERTION_ISS));
        putIfGiven(fixed, "sub", config.find(OAuthConfig.ASSERTION_SUB));
        putIfGiven(fixed, "aud", config.find(OAuthConfig.ASSERTION_AUD));
        return new AssertionClaims(fixed, config.get(OAuthConfig.ASSERTION_EXP), config.get(OAuthConfig.ASSERTION_NBF), config.get(OAuthConfig.ASSERTION_JTI));
    }

    private static void putIfGiven(Map<String, String> claims, String name, @Nullable String value) {
        if (value != null) {
            claims.put(name, value);
        }
    }

    void addTo(Map<String, Object> payload, Moment moment) {
        long now = moment.nowMillis() / 1_000;
        payload.putAll(fixed);
        payload.put("iat", now);
        payload.put("exp", now + expSeconds);
        payload.put("nbf", now - nbfSeconds);
        if (hasId) {
            payload.put("jti", moment.unique());
        }
    }
}
