package dev.kafkaboot.client.net.sasl.fetch;

import dev.kafkaboot.client.CredentialsUnavailableException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;

/**
 * An answer by HTTP.
 *
 * @param from who answered, as messages name it: without what the URL asks
 * @param status HTTP's status
 * @param contentType the type of the body, empty if it is not told
 * @param location where a redirect points, empty if it is none
 * @param body at most as long as the caller allowed
 */
public record HttpReply(String from, int status, String contentType, String location, byte[] body) {

    /** Whether the request was answered with what it asked for. */
    public boolean isOk() {
        return status == 200;
    }

    /** Whether the same request may be answered otherwise later. */
    public boolean isRetriable() {
        return status >= 500 || status == 408 || status == 425 || status == 429;
    }

    /** Whether it points elsewhere. */
    public boolean isRedirect() {
        return status >= 300 && status < 400;
    }

    /**
     * Where a redirect points: the host alone, because the rest may hold secrets.
     */
    public String redirectHost() {
        try {
            String host = URI.create(location).getHost();
            return host == null ? "another path" : host;
        } catch (IllegalArgumentException notAnAddress) {
            return "what is no address";
        }
    }

    /**
     * The body as a JSON object.
     *
     * @throws CredentialsUnavailableException if it is something else: a proxy's page of its own, for example, which is gone later
     */
    public Map<String, Object> json() {
        String type = contentType.toLowerCase(Locale.ROOT);
        if (!type.isEmpty() && !type.contains("json")) {
            throw new CredentialsUnavailableException(from + " answered with " + printable(contentType) + " where JSON was expected");
        }
        try {
            return Json.object(body);
        } catch (IllegalArgumentException notJson) {
            throw new CredentialsUnavailableException("What " + from + " answered " + notJson.getMessage());
        }
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?").substring(0, Math.min(60, text.length()));
    }

    @Override
    public String toString() {
        return from + " answered with status " + status; // the body may hold secrets
    }
}
