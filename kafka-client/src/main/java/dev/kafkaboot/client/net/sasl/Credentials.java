package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.net.sasl.fetch.CredentialCache;
import dev.kafkaboot.client.net.sasl.fetch.CredentialSource;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import dev.kafkaboot.client.net.sasl.fetch.RefreshWindow;
import dev.kafkaboot.client.security.CredentialsSource;
import dev.kafkaboot.client.security.SaslContext;
import dev.kafkaboot.client.security.UserCredentials;
import java.time.Duration;
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

    /**
     * Those that the user's code answers. Who asks while it is being asked shares its answer, and who asks later has it asked anew, as it may answer others by then.
     */
    static Credentials from(CredentialsSource source) {
        RefreshWindow none = new RefreshWindow(1, 0, Duration.ZERO, Duration.ZERO); // nothing is kept
        CredentialCache<UserCredentials> shared = new CredentialCache<>("password", fetching(source), credentials -> null, none, Duration.ZERO, Duration.ZERO);
        return shared::get;
    }

    private static CredentialSource<UserCredentials> fetching(CredentialsSource source) {
        return new CredentialSource<>() {
            @Override
            public UserCredentials fetch(Moment moment) {
                return ask(source);
            }

            @Override
            public String from() {
                return "the source of credentials (sasl.credentials)";
            }
        };
    }

    private static UserCredentials ask(CredentialsSource source) {
        UserCredentials credentials;
        try {
            credentials = source.credentials();
        } catch (AuthenticationException none) {
            throw none;
        } catch (Exception failure) { // whatever the user's code throws
            throw new CredentialsUnavailableException("the source of credentials (sasl.credentials) failed: " + failure, failure);
        }
        if (credentials == null) { // whatever the user's code answers
            throw new AuthenticationException("the source of credentials (sasl.credentials) answered null");
        }
        return credentials;
    }
}
