package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.net.sasl.fetch.CredentialSource;
import dev.kafkaboot.client.net.sasl.fetch.HttpFetch;
import dev.kafkaboot.client.net.sasl.fetch.HttpReply;
import dev.kafkaboot.client.net.sasl.fetch.Json;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import dev.kafkaboot.client.security.OAuthToken;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks a token endpoint for tokens (RFC 6749, 3.2). Nothing that it answers is shown in messages but the error code. */
final class TokenEndpoint implements CredentialSource<OAuthToken> {

    private static final long LIFETIME_SECONDS_MAX = 3_155_760_000L; // a hundred years

    private final URI url;
    private final HttpFetch http;
    private final GrantRequest grant;
    private final TokenParser parser;

    TokenEndpoint(URI url, HttpFetch http, GrantRequest grant, TokenParser parser) {
        this.url = url;
        this.http = http;
        this.grant = grant;
        this.parser = parser;
    }

    @Override
    public OAuthToken fetch(Moment moment) {
        GrantRequest.Content content = grant.content(moment);
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Accept", "application/json")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encoded(content.form())));
        if (content.authorization() != null) {
            request.header("Authorization", content.authorization().reveal());
        }
        HttpReply reply = http.send(request.build());
        if (!reply.isOk()) {
            throw refused(reply);
        }
        return token(reply, moment, content.principal());
    }

    @Override
    public String from() {
        return HttpFetch.name(url);
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private OAuthToken token(HttpReply reply, Moment moment, @Nullable String principal) {
        Map<String, Object> answer = reply.json();
        String value = Json.text(answer, "access_token");
        if (value == null) {
            throw new CredentialsUnavailableException(reply.from() + " answered without an access_token");
        }
        Instant expiry = answer.get("expires_in") instanceof Number seconds && seconds.doubleValue() > 0
                ? Instant.ofEpochMilli(moment.nowMillis()).plusSeconds(Math.min(seconds.longValue(), LIFETIME_SECONDS_MAX))
                : null;
        return parser.parse(value, "the answer of " + reply.from(), expiry, principal);
    }

    private static RuntimeException refused(HttpReply reply) {
        if (reply.isRedirect()) {
            return new AuthenticationException(reply.from() + " redirects to " + reply.redirectHost()
                    + "; redirects are not followed, because the client's secret would go along");
        }
        String told = reply.from() + " answered the request for a token with status " + reply.status() + errorCode(reply);
        return reply.isRetriable() ? new CredentialsUnavailableException(told) : new AuthenticationException(told);
    }

    /** The error code of RFC 6749, 5.2, if that is what it is: words from elsewhere are not repeated. */
    private static String errorCode(HttpReply reply) {
        try {
            String error = Json.text(reply.json(), "error");
            return error != null && error.matches("[a-z_]{1,40}") ? ": " + error : "";
        } catch (CredentialsUnavailableException noJson) {
            return "";
        }
    }
}
