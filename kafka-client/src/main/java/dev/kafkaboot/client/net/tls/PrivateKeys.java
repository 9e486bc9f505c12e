package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.Secret;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Private keys out of PEM: PKCS#8, plain or encrypted, PKCS#1 (RSA) and SEC1 (elliptic curves). */
public final class PrivateKeys {

    private static final byte[] ZERO = {Der.INTEGER, 1, 0};
    private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d010101"); // 1.2.840.113549.1.1.1
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201"); // 1.2.840.10045.2.1
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA");
    private static final int SEC1_PARAMETERS = 0xa0;
    private static final byte[] PROBE = {1, 2, 3, 4, 5, 6, 7, 8};

    private PrivateKeys() {}

    /**
     * Reads the only private key of a PEM text.
     *
     * @param password what it is encrypted with, or null
     * @param passwordKey the configuration's key for the password, as messages name it
     * @throws IllegalArgumentException if there is none or more than one, or it cannot be read; the message says why
     */
    public static PrivateKey only(String pem, @Nullable Secret password, String passwordKey) {
        return read(only(Pem.parse(pem)), password, passwordKey);
    }

    static Pem only(List<Pem> parts) {
        List<Pem> keys = parts.stream().filter(Pem::isPrivateKey).toList();
        if (keys.size() != 1) {
            throw new IllegalArgumentException(keys.isEmpty() ? "there is no private key in it" : "there are " + keys.size() + " private keys in it");
        }
        return keys.get(0);
    }

    static PrivateKey read(Pem part, @Nullable Secret password, String passwordKey) {
        if (part.isEncryptedOpenSsl()) {
            throw new IllegalArgumentException("the key is encrypted in OpenSSL's own old way, which is weak and is not read;"
                    + " 'openssl pkcs8 -topk8' turns it into PKCS#8");
        }
        return switch (part.label()) {
            case "PRIVATE KEY" -> ofPkcs8(part.der());
            case "ENCRYPTED PRIVATE KEY" -> ofPkcs8(decrypt(part.der(), password, passwordKey));
            case "RSA PRIVATE KEY" -> ofPkcs8(pkcs8(Der.write(Der.SEQUENCE, RSA, new byte[] {Der.NULL, 0}), part.der()));
            case "EC PRIVATE KEY" -> ofPkcs8(pkcs8(Der.write(Der.SEQUENCE, EC, curve(part.der())), part.der()));
            default -> throw new IllegalArgumentException("a " + part.label() + " is not read; PKCS#8, PKCS#1 (RSA) and SEC1 (EC) are");
        };
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return Der.write(Der.SEQUENCE, ZERO, algorithm, Der.write(Der.OCTET_STRING, key));
    }

    /** The curve of a SEC1 key (RFC 5915), whose parameters may be left out there, but not here. */
    private static byte[] curve(byte[] sec1) {
        List<Der.Element> outer = Der.elements(sec1);
        if (outer.size() != 1 || outer.get(0).tag() != Der.SEQUENCE) {
            throw new IllegalArgumentException("the EC PRIVATE KEY is not one of SEC1");
        }
        Der.Element parameters = Der.find(Der.elements(outer.get(0).content()), SEC1_PARAMETERS);
        Der.Element curve = parameters == null ? null : Der.find(Der.elements(parameters.content()), Der.OBJECT_IDENTIFIER);
        if (curve == null) {
            throw new IllegalArgumentException("the EC PRIVATE KEY does not name its curve; 'openssl pkcs8 -topk8 -nocrypt' turns it into PKCS#8, which does");
        }
        return curve.whole();
    }

    private static PrivateKey ofPkcs8(byte[] der) {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException another) {
                // It is another algorithm's key, or this JVM has no such keys.
            }
        }
        throw new IllegalArgumentException("it is not a private key of any of " + ALGORITHMS);
    }

    private static byte[] decrypt(byte[] der, @Nullable Secret password, String passwordKey) {
        if (password == null) {
            throw new IllegalArgumentException("the private key is encrypted, and " + passwordKey + " is not given");
        }
        try {
            EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(der);
            AlgorithmParameters parameters = encrypted.getAlgParameters();
            String name = encrypted.getAlgName();
            if (parameters != null && (name.equals("PBES2") || name.equals("1.2.840.113549.1.5.13"))) {
                name = parameters.toString(); // that is where the JVM says which of the many it is
            }
            Cipher cipher = Cipher.getInstance(name);
            cipher.init(Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance(name).generateSecret(new PBEKeySpec(password.reveal().toCharArray())), parameters);
            return cipher.doFinal(encrypted.getEncryptedData());
        } catch (javax.crypto.BadPaddingException wrong) {
            throw new IllegalArgumentException(passwordKey + " does not open the private key", wrong);
        } catch (IOException | GeneralSecurityException unreadable) {
            throw new IllegalArgumentException("the encrypted private key cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    /** Whether a certificate is that of a key; true if this cannot be told. */
    static boolean match(PrivateKey key, PublicKey certified) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> null;
        };
        if (algorithm == null) {
            return true;
        }
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException another) {
            return false; // the certificate is of another kind of key
        }
    }
}
