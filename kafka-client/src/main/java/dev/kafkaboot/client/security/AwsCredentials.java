package dev.kafkaboot.client.security;

import dev.kafkaboot.client.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Credentials of AWS. Immutable; never prints the secrets.
 *
 * @param accessKeyId the id of the key, which is not secret
 * @param secretAccessKey the key
 * @param sessionToken what goes with a temporary key; null for one that is not
 * @param expiry when they expire; null for those that do not, or if it is not known, and then they serve one connection and are not kept
 */
public record AwsCredentials(String accessKeyId, Secret secretAccessKey, @Nullable Secret sessionToken, @Nullable Instant expiry) {

    /**
     * Checks that they can be sent.
     *
     * @throws IllegalArgumentException if the id is not of letters and digits, or a secret is empty
     */
    public AwsCredentials {
        if (!accessKeyId.matches("\\w{1,128}")) {
            throw new IllegalArgumentException("the id of an access key must be of letters, digits and underscores");
        }
        if (secretAccessKey.reveal().isEmpty() || sessionToken != null && sessionToken.reveal().isEmpty()) {
            throw new IllegalArgumentException("the secret of an access key must not be empty, nor its session token");
        }
    }
}
