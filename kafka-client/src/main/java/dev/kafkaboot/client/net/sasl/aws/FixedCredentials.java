package dev.kafkaboot.client.net.sasl.aws;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.security.AwsCredentials;
import org.jspecify.annotations.Nullable;

/** Credentials that stand somewhere as they are. */
final class FixedCredentials {

    private FixedCredentials() {}

    static @Nullable AwsCredentials ofProperties(Surroundings surroundings) {
        return of("the system properties aws.accessKeyId and aws.secretAccessKey", surroundings.property("aws.accessKeyId"),
                surroundings.property("aws.secretAccessKey"), surroundings.property("aws.sessionToken"));
    }

    static @Nullable AwsCredentials ofEnvironment(Surroundings surroundings) {
        return of("the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", surroundings.variable("AWS_ACCESS_KEY_ID"),
                surroundings.variable("AWS_SECRET_ACCESS_KEY"), surroundings.variable("AWS_SESSION_TOKEN"));
    }

    /**
     * Credentials, or null if there is no key.
     *
     * @throws AuthenticationException if there is half of one
     */
    static @Nullable AwsCredentials of(String place, @Nullable String id, @Nullable String secret, @Nullable String sessionToken) {
        if (id == null && secret == null) {
            return null;
        }
        if (id == null || secret == null) {
            throw new AuthenticationException("Of " + place + " one is missing");
        }
        try {
            return new AwsCredentials(id, Secret.of(secret), sessionToken == null ? null : Secret.of(sessionToken), null);
        } catch (IllegalArgumentException refused) {
            throw new AuthenticationException("What is in " + place + " cannot be used: " + refused.getMessage());
        }
    }
}
