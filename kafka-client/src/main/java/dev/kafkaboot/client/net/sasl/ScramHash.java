package dev.kafkaboot.client.net.sasl;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The hash functions that Kafka's SCRAM mechanisms are made with. */
enum ScramHash {
    SHA_256("SCRAM-SHA-256", "SHA-256", "HmacSHA256", 256),
    SHA_512("SCRAM-SHA-512", "SHA-512", "HmacSHA512", 512);

    private final String mechanism;
    private final String digest;
    private final String mac;
    private final int bits;

    ScramHash(String mechanism, String digest, String mac, int bits) {
        this.mechanism = mechanism;
        this.digest = digest;
        this.mac = mac;
        this.bits = bits;
    }

    /** The mechanism's name. */
    String mechanism() {
        return mechanism;
    }

    byte[] hash(byte[] input) {
        try {
            return MessageDigest.getInstance(digest).digest(input);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("This JVM has no " + digest, missing);
        }
    }

    byte[] hmac(byte[] key, byte[] input) {
        try {
            Mac keyed = Mac.getInstance(mac);
            keyed.init(new SecretKeySpec(key, mac));
            return keyed.doFinal(input);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("This JVM has no " + mac, missing);
        }
    }

    /** PBKDF2, which is {@code Hi} in RFC 5802. It takes its time. */
    byte[] salted(String password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, bits);
        try {
            return SecretKeyFactory.getInstance("PBKDF2With" + mac).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("This JVM has no PBKDF2With" + mac, missing);
        } finally {
            spec.clearPassword();
        }
    }
}
