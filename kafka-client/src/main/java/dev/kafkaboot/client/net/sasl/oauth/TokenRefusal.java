package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.net.sasl.fetch.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a broker says of a token that it does not take: JSON with a status, and perhaps the scope that is wanted and where tokens are had (RFC 7628, 3.2.2). */
final class TokenRefusal {

    private static final int LENGTH_MAX = 8 * 1024;
    private static final int SHOWN_MAX = 200;

    private TokenRefusal() {}

    static String text(byte[] challenge) {
        String refusal = "The broker refused the token";
        if (challenge.length > LENGTH_MAX) {
            return refusal + ", with a reason of " + challenge.length + " bytes, which is not read";
        }
        try {
            Map<String, Object> reason = Json.object(challenge);
            String status = Json.text(reason, "status");
            return refusal + ": " + (status == null ? "no status told" : printable(status))
                    + told(", wanted scope ", Json.text(reason, "scope"))
                    + told(", tokens are had as told at ", Json.text(reason, "openid-configuration"));
        } catch (IllegalArgumentException notJson) {
            return refusal + ", with a reason that " + notJson.getMessage();
        }
    }

    private static String told(String label, @Nullable String value) {
        return value == null ? "" : label + printable(value);
    }

    private static String printable(String text) {
        String shown = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "..." : text;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
