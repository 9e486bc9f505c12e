package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.OAuthConfig;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.net.sasl.fetch.BoundedFile;
import dev.kafkaboot.client.net.tls.PrivateKeys;
import java.nio.file.Path;
import java.security.PrivateKey;
import org.jspecify.annotations.Nullable;

/** The private key that assertions are signed with, in a PEM file of any form that TLS takes too. */
final class PrivateKeyFile {

    private PrivateKeyFile() {}

    /**
     * The key.
     *
     * @param algorithm what it is to sign by
     * @param type the type that this needs, RSA or EC
     * @throws AuthenticationException if the file holds no such key, or the passphrase is wrong
     */
    static PrivateKey read(Path file, @Nullable Secret passphrase, String algorithm, String type) {
        PrivateKey key;
        try {
            key = PrivateKeys.only(BoundedFile.read(file, "private key file"), passphrase, OAuthConfig.ASSERTION_PRIVATE_KEY_PASSPHRASE.name());
        } catch (IllegalArgumentException wrong) {
            throw new AuthenticationException("The private key file " + file + " cannot be used: " + wrong.getMessage(), wrong);
        }
        if (!key.getAlgorithm().equals(type)) {
            throw new AuthenticationException(
                    "The private key file " + file + " cannot be used: the key is of type " + key.getAlgorithm() + ", and " + algorithm + " needs one of type " + type);
        }
        return key;
    }
}
