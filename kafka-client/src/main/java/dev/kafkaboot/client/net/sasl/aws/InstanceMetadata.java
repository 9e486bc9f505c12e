package dev.kafkaboot.client.net.sasl.aws;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.net.sasl.fetch.HttpFetch;
import dev.kafkaboot.client.net.sasl.fetch.HttpReply;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import dev.kafkaboot.client.security.AwsCredentials;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The metadata service of an EC2 instance, version 2: a session is begun before anything is asked. The older version, without one, is not spoken. */
final class InstanceMetadata implements AwsCredentialChain.Link {

    private static final String DEFAULT_ENDPOINT = "http://169.254.169.254";
    private static final String ROLES = "/latest/meta-data/iam/security-credentials/";
    private static final String SESSION_HEADER = "X-aws-ec2-metadata-token";
    private static final String SESSION_SECONDS = "60";

    private final Surroundings surroundings;
    private final HttpFetch near;
    private final @Nullable String configuredEndpoint;

    InstanceMetadata(Surroundings surroundings, HttpFetch near, @Nullable String configuredEndpoint) {
        this.surroundings = surroundings;
        this.near = near;
        this.configuredEndpoint = configuredEndpoint;
    }

    @Override
    public @Nullable AwsCredentials find(Moment moment) {
        if ("true".equalsIgnoreCase(surroundings.variable("AWS_EC2_METADATA_DISABLED"))) {
            return null;
        }
        HttpRequest.Builder begin = HttpRequest.newBuilder(url("/latest/api/token"))
                .header("X-aws-ec2-metadata-token-ttl-seconds", SESSION_SECONDS)
                .PUT(BodyPublishers.noBody());
        String session = session(begin);
        String role = text(HttpRequest.newBuilder(url(ROLES)).header(SESSION_HEADER, session).GET()).split("\\R", -1)[0];
        if (!role.matches("[A-Za-z0-9+=,.@_-]{1,64}")) {
            throw new AuthenticationException("The instance has no role, or one of a name that no role has");
        }
        return TemporaryCredentials.of(asked(HttpRequest.newBuilder(url(ROLES + role)).header(SESSION_HEADER, session).GET()));
    }

    /** Most machines where this fails are no instances at all, and what is missing is what comes before. */
    private String session(HttpRequest.Builder begin) {
        try {
            return text(begin);
        } catch (CredentialsUnavailableException failure) {
            throw new CredentialsUnavailableException("No credentials of AWS were found in system properties, environment, web identity, profile files or "
                    + "container; the instance's metadata service: " + failure.getMessage(), failure);
        }
    }

    private String text(HttpRequest.Builder request) {
        String body = new String(asked(request).body(), StandardCharsets.UTF_8).strip();
        if (!body.matches("[ -~\\s]+")) {
            throw new AuthenticationException("The instance's metadata service answered with characters that it never does");
        }
        return body;
    }

    /** A role may be given to an instance that runs, and the service knows of it a little later. */
    private HttpReply asked(HttpRequest.Builder request) {
        HttpReply reply = near.send(request.build());
        if (reply.status() == 404) {
            throw new CredentialsUnavailableException(reply + ": the instance has no role, or not yet");
        }
        return TemporaryCredentials.accepted(reply);
    }

    private URI url(String path) {
        String variable = configuredEndpoint == null ? surroundings.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") : configuredEndpoint;
        String endpoint = variable == null ? DEFAULT_ENDPOINT : variable.replaceFirst("/+$", "");
        try {
            return URI.create(endpoint + path);
        } catch (IllegalArgumentException notAnAddress) {
            throw new AuthenticationException("The endpoint of the instance's metadata service is no URL", notAnAddress);
        }
    }
}
