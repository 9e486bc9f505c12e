package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.net.sasl.fetch.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** Tokens for tests. */
final class Jwts {

    private Jwts() {}

    /** A token with these claims and a signature of nobody. */
    static String unsigned(String claims) {
        return encoded("{\"alg\":\"none\"}") + "." + encoded(claims) + ".c2ln";
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /** One of the parts of a token: 0 is the header, 1 the claims. */
    static Map<String, Object> part(String jwt, int index) {
        return Json.object(Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[index]));
    }
}
