package dev.kafkaboot.client.net.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;

/** What a password becomes with the broker's salt: it proves the client to the broker, and the broker to the client (RFC 5802, 3). */
final class ScramKeys {

    private final ScramHash hash;
    private final byte[] clientKey;
    private final byte[] serverKey;

    private ScramKeys(ScramHash hash, byte[] saltedPassword) {
        this.hash = hash;
        this.clientKey = hash.hmac(saltedPassword, "Client Key".getBytes(UTF_8));
        this.serverKey = hash.hmac(saltedPassword, "Server Key".getBytes(UTF_8));
    }

    /** Takes its time, as the iterations have it. */
    static ScramKeys derive(ScramHash hash, String password, byte[] salt, int iterations) {
        return new ScramKeys(hash, hash.salted(password, salt, iterations));
    }

    /** Proves that the client knows the password. */
    byte[] clientProof(String authMessage) {
        byte[] proof = hash.hmac(hash.hash(clientKey), authMessage.getBytes(UTF_8));
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= clientKey[i];
        }
        return proof;
    }

    /** Whether a signature shows that the broker knows what only one that has stored the password's keys can know. Takes the same time for each wrong one. */
    boolean isOfServer(byte[] signature, String authMessage) {
        return MessageDigest.isEqual(hash.hmac(serverKey, authMessage.getBytes(UTF_8)), signature);
    }
}
