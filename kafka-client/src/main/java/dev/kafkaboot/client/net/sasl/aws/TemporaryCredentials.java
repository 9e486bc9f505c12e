package dev.kafkaboot.client.net.sasl.aws;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.net.sasl.fetch.HttpReply;
import dev.kafkaboot.client.net.sasl.fetch.Json;
import dev.kafkaboot.client.security.AwsCredentials;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads credentials from what a service of AWS answers. */
final class TemporaryCredentials {

    private TemporaryCredentials() {}

    /** The answer of a container's or an instance's endpoint. */
    static AwsCredentials of(HttpReply reply) {
        Map<String, Object> answer = accepted(reply).json();
        return of(reply.from(), Json.text(answer, "AccessKeyId"), Json.text(answer, "SecretAccessKey"), Json.text(answer, "Token"),
                Json.text(answer, "Expiration"));
    }

    /**
     * An answer that is one.
     *
     * @throws CredentialsUnavailableException if it may be another later
     * @throws AuthenticationException if it is a refusal
     */
    static HttpReply accepted(HttpReply reply) {
        if (reply.isOk()) {
            return reply;
        }
        String code = ErrorCode.of(reply);
        String told = reply.from() + " answered the request for AWS credentials with status " + reply.status() + (code.isEmpty() ? "" : ": " + code);
        throw reply.isRetriable() || ErrorCode.mayPass(code) ? new CredentialsUnavailableException(told) : new AuthenticationException(told);
    }

    /** What was found in an answer. */
    static AwsCredentials of(String from, @Nullable String id, @Nullable String secret, @Nullable String token, @Nullable String expiration) {
        if (id == null || secret == null) {
            throw new CredentialsUnavailableException(from + " answered without an access key");
        }
        try {
            Instant expiry = expiration == null ? null : Instant.parse(expiration);
            return new AwsCredentials(id, Secret.of(secret), token == null ? null : Secret.of(token), expiry);
        } catch (IllegalArgumentException | DateTimeException refused) {
            throw new CredentialsUnavailableException("What " + from + " answered cannot be used: it has no access key or expiry of the right form");
        }
    }
}
