package dev.kafkaboot.client.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.Secret;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms that a private key has in PEM. The texts are of one key, made by OpenSSL for this test. */
class PrivateKeysTest {

    private static final String SEC1 = """
            -----BEGIN EC PARAMETERS-----
            BggqhkjOPQMBBw==
            -----END EC PARAMETERS-----
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIMugFXLXybEAj2txN635kDIaYwKoIJt/Xy/VQrEdALR6oAoGCCqGSM49
            AwEHoUQDQgAE10pkd+rxRANEhBFV3aYrsgwTdwMudw7PO8V+UG8NN/K2MuJluBNb
            1LVtTHHtK2dlvMWmd+iLm+aUMWyCAIAtGQ==
            -----END EC PRIVATE KEY-----
            """;

    private static final String ENCRYPTED = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAh5u2JmPoLoUQICA+gw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEC5yLhT7/vc3dV0E9AGAlRsEgZCd
            N+C9qngoA1iiiSWhagLGdsylxwBjiwyMW/QMtJzsbBKQGUZgIZfb/ZM8ZsKiiVYI
            3AgA1PvO1+EigUvdydwHR143t/OeRtPQmEME9tXXhysC7lAELP1VyFFQH62Ea7va
            K9Yy0+zsBKedkKlBHCF42VlVCgOoE5zeRZzOnR2idfPMtMKqgCItR0+vrMJrb04=
            -----END ENCRYPTED PRIVATE KEY-----
            """;

    private static final String PKCS8 = """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgy6AVctfJsQCPa3E3
            rfmQMhpjAqggm39fL9VCsR0AtHqhRANCAATXSmR36vFEA0SEEVXdpiuyDBN3Ay53
            Ds87xX5Qbw038rYy4mW4E1vUtW1Mce0rZ2W8xaZ36Iub5pQxbIIAgC0Z
            -----END PRIVATE KEY-----
            """;

    private static PrivateKey read(String text, @Nullable String password) {
        Pem key = Pem.parse(text).stream().filter(Pem::isPrivateKey).findFirst().orElseThrow();
        return PrivateKeys.read(key, password == null ? null : Secret.of(password), "ssl.key.password");
    }

    private static BigInteger number(PrivateKey key) {
        return ((ECPrivateKey) key).getS();
    }

    @Test
    void formsOfOneKeyAreReadAsTheSame() {
        BigInteger expected = number(read(PKCS8, null));

        assertThat(number(read(SEC1, null))).isEqualTo(expected);
        assertThat(number(read(ENCRYPTED, "key-secret"))).isEqualTo(expected);
        assertThat(number(read(PKCS8.replace("\n", " "), null))).as("without line breaks").isEqualTo(expected);
    }

    @Test
    void pkcs1OfRsaIsRead() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        KeyPair pair = generator.generateKeyPair();
        byte[] pkcs1 = Der.elements(Der.elements(pair.getPrivate().getEncoded()).get(0).content()).get(2).content();

        PrivateKey read = read(Certificates.pem("RSA PRIVATE KEY", pkcs1), null);

        assertThat(read).isEqualTo(pair.getPrivate());
        assertThat(PrivateKeys.match(read, pair.getPublic())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ed25519", "EC", "RSA"})
    void keyBelongsToItsOwnCertificateAlone(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        KeyPair one = generator.generateKeyPair();
        KeyPair another = algorithm.equals("EC") ? KeyPairGenerator.getInstance("Ed25519").generateKeyPair() : KeyPairGenerator.getInstance("EC").generateKeyPair();

        assertThat(PrivateKeys.match(one.getPrivate(), one.getPublic())).isTrue();
        assertThat(PrivateKeys.match(one.getPrivate(), another.getPublic())).isFalse();
    }

    @Test
    void wrongOrMissingPasswordIsTold() {
        assertThatThrownBy(() -> read(ENCRYPTED, "wrong")).hasMessage("ssl.key.password does not open the private key");
        assertThatThrownBy(() -> read(ENCRYPTED, null)).hasMessage("the private key is encrypted, and ssl.key.password is not given");
    }

    @Test
    void oldEncryptionOfOpenSslIsNamed() {
        String old = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,CF50\n\nWLmV\n-----END EC PRIVATE KEY-----\n";

        assertThatThrownBy(() -> read(old, "x")).hasMessageContaining("openssl pkcs8 -topk8");
    }

    @Test
    void keyThatDoesNotNameItsCurveIsNotGuessedAt() {
        byte[] nameless = Der.write(Der.SEQUENCE, new byte[] {2, 1, 1}, Der.write(Der.OCTET_STRING, new byte[32]));

        assertThatThrownBy(() -> read(Certificates.pem("EC PRIVATE KEY", nameless), null)).hasMessageContaining("does not name its curve");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC PRIVATE KEY", "RSA PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"})
    void whatIsNoKeyIsRefused(String label) {
        for (byte[] der : List.of(new byte[0], new byte[] {0x30, (byte) 0x84, 1}, new byte[] {0x30, 3, 1, 2, 3}, new byte[] {0x30, (byte) 0x80})) {
            assertThatThrownBy(() -> read(Certificates.pem(label, der), "x")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void partsWithoutAnEndOrOutsideBase64AreNumbered() {
        assertThatThrownBy(() -> Pem.parse(PKCS8 + "-----BEGIN CERTIFICATE-----\nAAAA"))
                .hasMessage("the CERTIFICATE that is number 2 has no line -----END CERTIFICATE-----");
        assertThatThrownBy(() -> Pem.parse("-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----")).hasMessageContaining("number 1 is not Base64");
        assertThatThrownBy(() -> Pem.certificates(Pem.parse("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")))
                .hasMessageContaining("certificate number 1 cannot be read");
    }
}
