package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.net.Authenticator;
import dev.kafkaboot.client.security.SaslMechanism;

/** Makes the authenticators of connections that use SASL. */
public final class SaslAuthenticators {

    private SaslAuthenticators() {}

    /**
     * Authenticates each connection as the configuration has it.
     *
     * @throws dev.kafkaboot.client.ConfigException if what it says of SASL cannot be used; it tells all faults
     */
    public static Authenticator.Factory of(ClientConfig config) {
        return of(MechanismChoice.of(config), config.get(CommonConfig.SECURITY_PROTOCOL).usesTls());
    }

    /** Authenticates each connection by a mechanism. */
    static Authenticator.Factory of(SaslMechanism mechanism, boolean isEncrypted) {
        return () -> new SaslAuthenticator(mechanism, isEncrypted);
    }
}
