package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.security.CredentialsSource;
import dev.kafkaboot.client.security.SaslContext;
import dev.kafkaboot.client.security.UserCredentials;
import java.util.concurrent.CompletableFuture;

/** Where a mechanism gets user name and password from, on the loop. */
@FunctionalInterface
interface Credentials {

    /** Those of now. */
    CompletableFuture<UserCredentials> get(SaslContext context);

    /** Always the same. */
    static Credentials fixed(UserCredentials credentials) {
        return context -> CompletableFuture.completedFuture(credentials);
    }

    /** Those that the user's code answers. */
    static Credentials from(CredentialsSource source) {
        return context -> context.offload(() -> ask(source));
    }

    private static UserCredentials ask(CredentialsSource source) {
        UserCredentials credentials;
        try {
            credentials = source.credentials();
        } catch (AuthenticationException none) {
            throw none;
        } catch (Exception failure) { // whatever the user's code throws
            throw new IllegalStateException("the source of credentials (sasl.credentials) failed: " + failure, failure);
        }
        if (credentials == null) { // whatever the user's code answers
            throw new AuthenticationException("the source of credentials (sasl.credentials) answered null");
        }
        return credentials;
    }
}
