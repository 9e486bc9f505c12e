package dev.kafkaboot.test.fake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.TreeMap;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A user, with what brokers keep for SCRAM; that is made when it is first needed. */
final class FakeUser {

    private final String name;
    private final String password;
    private final int iterations;
    private final TreeMap<String, byte[]> saltedByHash = new TreeMap<>();

    FakeUser(String name, String password, int iterations) {
        this.name = name;
        this.password = password;
        this.iterations = iterations;
    }

    String name() {
        return name;
    }

    String password() {
        return password;
    }

    int iterations() {
        return iterations;
    }

    byte[] salt() {
        return ("salt of " + name).getBytes(StandardCharsets.UTF_8);
    }

    /** The salted password. */
    byte[] salted(String hash) {
        return saltedByHash.computeIfAbsent(hash, absent -> salt(absent));
    }

    private byte[] salt(String hash) {
        int bits = hash.equals("SHA256") ? 256 : 512;
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmac" + hash)
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt(), iterations, bits))
                    .getEncoded();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
