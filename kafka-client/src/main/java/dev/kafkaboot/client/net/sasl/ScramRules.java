package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.security.UserCredentials;
import org.jspecify.annotations.Nullable;

/**
 * How much a broker may demand, and what becomes of names and passwords.
 *
 * @param iterationsMax the most iterations
 * @param prepares whether names and passwords are prepared by SASLprep
 */
record ScramRules(int iterationsMax, boolean prepares) {

    /** Fewer make it too easy to guess the password from what was overheard (RFC 7677, 4). */
    static final int ITERATIONS_MIN = 4096;

    /** What is wrong with credentials, as the end of a sentence about them; null if they can be used. */
    @Nullable String fault(UserCredentials credentials) {
        if (credentials.userName().isEmpty() || credentials.password().reveal().isEmpty()) {
            return "neither the user name nor the password may be empty";
        }
        try {
            prepared(credentials);
            return null;
        } catch (IllegalArgumentException unfit) {
            return unfit.getMessage();
        }
    }

    /**
     * The credentials as they are used.
     *
     * @throws IllegalArgumentException if they cannot be
     */
    UserCredentials prepared(UserCredentials credentials) {
        if (!prepares || credentials.isDelegationToken()) {
            return credentials;
        }
        String userName = SaslPrep.prepare(credentials.userName());
        String password = SaslPrep.prepare(credentials.password().reveal());
        if (userName.isEmpty() || password.isEmpty()) {
            throw new IllegalArgumentException("nothing is left of the user name or the password once it is prepared by SASLprep (RFC 4013)");
        }
        return new UserCredentials(userName, Secret.of(password), /* isDelegationToken= */ false);
    }
}
