package dev.kafkaboot.client.net.sasl.aws;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.net.sasl.fetch.BoundedFile;
import dev.kafkaboot.client.net.sasl.fetch.HttpFetch;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import dev.kafkaboot.client.security.AwsCredentials;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The endpoint that a container of ECS or a pod of EKS is told of by variables. Without TLS only the addresses are asked that AWS uses, and this machine. */
final class ContainerCredentials implements AwsCredentialChain.Link {

    private static final String ECS = "http://169.254.170.2";
    private static final Set<String> HOSTS_WITHOUT_TLS = Set.of("169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost", "[::1]");

    private final Surroundings surroundings;
    private final HttpFetch near;
    private final HttpFetch web;

    ContainerCredentials(Surroundings surroundings, HttpFetch near, HttpFetch web) {
        this.surroundings = surroundings;
        this.near = near;
        this.web = web;
    }

    @Override
    public @Nullable AwsCredentials find(Moment moment) {
        String relative = surroundings.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        String full = relative == null ? surroundings.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") : ECS + relative;
        if (full == null) {
            return null;
        }
        URI url = checked(full);
        HttpRequest.Builder request = HttpRequest.newBuilder(url).header("Accept", "application/json").GET();
        String authorization = authorization();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return TemporaryCredentials.of((url.getScheme().equals("https") ? web : near).send(request.build()));
    }

    private static URI checked(String text) {
        try {
            URI url = URI.create(text);
            String host = url.getHost() == null ? "" : url.getHost();
            boolean isNear = HOSTS_WITHOUT_TLS.contains(host) || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
            if (!host.isEmpty() && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()) && isNear)) {
                return url;
            }
        } catch (IllegalArgumentException notAnAddress) {
            throw new AuthenticationException("The endpoint of the container's AWS credentials is no URL", notAnAddress);
        }
        throw new AuthenticationException("The endpoint of the container's AWS credentials must be https, or be one of " + new TreeSet<>(HOSTS_WITHOUT_TLS));
    }

    private @Nullable String authorization() {
        String file = surroundings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        String token = file == null
                ? surroundings.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
                : BoundedFile.read(Path.of(file), "container authorization token").strip();
        if (token != null && !token.matches("[ -~]+")) {
            throw new AuthenticationException("The container's authorization token has characters that a header cannot have");
        }
        return token;
    }
}
