package dev.kafkaboot.client.net.sasl.aws;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.net.sasl.fetch.BoundedFile;
import dev.kafkaboot.client.net.sasl.fetch.HttpFetch;
import dev.kafkaboot.client.net.sasl.fetch.HttpReply;
import dev.kafkaboot.client.net.sasl.fetch.Json;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import dev.kafkaboot.client.security.AwsCredentials;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes the token of a web identity, which EKS puts in a file for a service account, for credentials: AssumeRoleWithWebIdentity of STS.
 *
 * <p>The name of the session is part of the principal that brokers see, and they let no connection become another one's. So it stays the same.
 */
final class WebIdentity implements AwsCredentialChain.Link {

    private final Surroundings surroundings;
    private final HttpFetch http;
    private final Region region;
    private final @Nullable String endpoint;
    private final AtomicReference<@Nullable String> ownSession = new AtomicReference<>(); // a fetch that was given up may still be running beside the next

    WebIdentity(Surroundings surroundings, HttpFetch http, Region region, @Nullable String endpoint) {
        this.surroundings = surroundings;
        this.http = http;
        this.region = region;
        this.endpoint = endpoint;
    }

    @Override
    public @Nullable AwsCredentials find(Moment moment) {
        String file = surroundings.variable("AWS_WEB_IDENTITY_TOKEN_FILE");
        String role = surroundings.variable("AWS_ROLE_ARN");
        if (file == null || role == null) {
            return null;
        }
        String given = surroundings.variable("AWS_ROLE_SESSION_NAME");
        Map<String, String> form = new LinkedHashMap<>();
        form.put("Action", "AssumeRoleWithWebIdentity");
        form.put("Version", "2011-06-15");
        form.put("RoleArn", role);
        form.put("RoleSessionName", given == null ? ownSession(moment) : given);
        form.put("WebIdentityToken", BoundedFile.read(Path.of(file), "web identity token").strip());
        HttpRequest request = HttpRequest.newBuilder(url())
                .header("Accept", "application/json")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form.entrySet().stream()
                        .map(field -> field.getKey() + "=" + SignatureV4.encoded(field.getValue()))
                        .collect(Collectors.joining("&"))))
                .build();
        return credentials(TemporaryCredentials.accepted(http.send(request)));
    }

    private String ownSession(Moment moment) {
        String name = "kafkaboot-" + moment.nowMillis();
        String earlier = ownSession.compareAndExchange(null, name);
        return earlier == null ? name : earlier;
    }

    private URI url() {
        String given = endpoint;
        if (given == null) {
            String own = region.own();
            if (own == null || !own.matches("[a-z0-9-]+")) {
                throw new AuthenticationException("The region whose STS is to be asked is not known: set sasl.aws.region or AWS_REGION");
            }
            given = "https://sts." + own + ".amazonaws.com" + (own.startsWith("cn-") ? ".cn" : "") + "/";
        }
        URI url = URI.create(given);
        boolean isLoopback = url.getHost() != null && (url.getHost().equals("localhost") || url.getHost().startsWith("127.0.0."));
        if (!"https".equals(url.getScheme()) && !isLoopback) {
            throw new AuthenticationException("sasl.aws.sts.endpoint.url must be https, because a token goes there");
        }
        return url;
    }

    /** STS answers in JSON to who accepts it, inside two envelopes, with the expiry as a number. */
    private static AwsCredentials credentials(HttpReply reply) {
        Object at = reply.json();
        for (String envelope : new String[] {"AssumeRoleWithWebIdentityResponse", "AssumeRoleWithWebIdentityResult", "Credentials"}) {
            at = at instanceof Map<?, ?> object ? object.get(envelope) : null;
        }
        if (!(at instanceof Map<?, ?> found)) {
            throw new CredentialsUnavailableException(reply.from() + " answered without credentials");
        }
        Map<String, Object> members = new LinkedHashMap<>();
        found.forEach((name, value) -> members.put(String.valueOf(name), value));
        Object expiration = members.get("Expiration");
        String expiry = expiration instanceof Number seconds ? Instant.ofEpochMilli((long) (seconds.doubleValue() * 1_000)).toString()
                : Json.text(members, "Expiration");
        return TemporaryCredentials.of(reply.from(), Json.text(members, "AccessKeyId"), Json.text(members, "SecretAccessKey"),
                Json.text(members, "SessionToken"), expiry);
    }
}
