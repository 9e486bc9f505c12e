package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.security.SaslContext;
import dev.kafkaboot.client.security.SaslExchange;
import dev.kafkaboot.client.security.SaslMechanism;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * SCRAM (RFC 5802, RFC 7677): both sides prove that they know the password, and neither shows it.
 *
 * <p>To derive keys from a password is made to be slow. So that not every connection does it, the keys that were derived last are kept: a broker has the same salt
 * for a user each time. They are derived off the loop.
 */
final class ScramMechanism implements SaslMechanism {

    private final ScramHash hash;
    private final Credentials credentials;
    private final ScramRules rules;
    private @Nullable Derivation last;

    ScramMechanism(ScramHash hash, Credentials credentials, ScramRules rules) {
        this.hash = hash;
        this.credentials = credentials;
        this.rules = rules;
    }

    private record Derivation(String password, byte[] salt, int iterations, CompletableFuture<ScramKeys> keys) {

        boolean isOf(String otherPassword, byte[] otherSalt, int otherIterations) {
            return iterations == otherIterations && Arrays.equals(salt, otherSalt) && password.equals(otherPassword) && !keys.isCompletedExceptionally();
        }

        @Override
        public String toString() {
            return "Derivation"; // and not the password
        }
    }

    @Override
    public String name() {
        return hash.mechanism();
    }

    @Override
    public SaslExchange begin(SaslContext context) {
        return new ScramExchange(this, context);
    }

    Credentials credentials() {
        return credentials;
    }

    ScramRules rules() {
        return rules;
    }

    CompletableFuture<ScramKeys> keys(SaslContext context, String password, byte[] salt, int iterations) {
        Derivation known = last;
        if (known != null && known.isOf(password, salt, iterations)) {
            return known.keys;
        }
        CompletableFuture<ScramKeys> keys = context.offload(() -> ScramKeys.derive(hash, password, salt, iterations));
        last = new Derivation(password, salt, iterations, keys);
        return keys;
    }
}
