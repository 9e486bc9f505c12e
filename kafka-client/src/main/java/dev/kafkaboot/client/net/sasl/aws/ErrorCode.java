package dev.kafkaboot.client.net.sasl.aws;

import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.net.sasl.fetch.HttpReply;
import dev.kafkaboot.client.net.sasl.fetch.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The code by which services of AWS say why they refuse. STS answers 400 to almost everything, so that the code alone tells what may pass.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html">AssumeRoleWithWebIdentity, errors</a>
 */
final class ErrorCode {

    /** A code is shown, so it is bounded; words from elsewhere are not repeated. */
    private static final String FORM = "[A-Za-z.]{1,64}";

    private static final Pattern IN_XML = Pattern.compile("<Code>(" + FORM + ")</Code>");

    /** How the names begin of what passes: too much was asked, the identity provider was not reached, or the token's file is about to be renewed. */
    private static final List<String> PASSING =
            List.of("Throttling", "RequestLimitExceeded", "IDPCommunicationError", "InvalidIdentityToken", "ExpiredToken");

    private ErrorCode() {}

    /** The code of an answer; empty if there is none. */
    static String of(HttpReply reply) {
        Matcher xml = IN_XML.matcher(new String(reply.body(), StandardCharsets.UTF_8));
        if (xml.find()) {
            return xml.group(1);
        }
        String code = ofJson(reply);
        return code != null && code.matches(FORM) ? code : "";
    }

    /** STS puts it into an envelope, the endpoints of containers do not. */
    private static @Nullable String ofJson(HttpReply reply) {
        try {
            Map<String, Object> answer = reply.json();
            if (answer.get("Error") instanceof Map<?, ?> error) {
                return error.get("Code") instanceof String code ? code : null;
            }
            String upper = Json.text(answer, "Code");
            return upper == null ? Json.text(answer, "code") : upper;
        } catch (CredentialsUnavailableException noJson) {
            return null;
        }
    }

    /** Whether the same request may be answered otherwise later. */
    static boolean mayPass(String code) {
        return PASSING.stream().anyMatch(code::startsWith);
    }
}
