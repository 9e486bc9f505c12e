package dev.kafkaboot.client.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ConfigException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SslSettingsTest {

    private static final Certificates.Identity ROOT = Certificates.named("Root").asAuthority().selfSigned();
    private static final Certificates.Identity CLIENT = Certificates.named("app").issuedBy(ROOT);

    @TempDir
    private Path directory;

    private static void assertRefused(Map<String, ?> values, String... parts) {
        assertThatThrownBy(() -> SslSettings.of(Configured.with(values))).isInstanceOf(ConfigException.class)
                .satisfies(refusal -> assertThat(refusal.getMessage()).contains(parts).doesNotContain("store-secret", "key-secret", "BEGIN"));
    }

    private String store(String type, Certificates.@Nullable Identity identity, String password, String keyPassword) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        if (identity != null) {
            store.setKeyEntry("app", identity.key(), keyPassword.toCharArray(), identity.chain().toArray(Certificate[]::new));
        } else {
            store.setCertificateEntry("root", ROOT.own());
        }
        Path file = Files.createTempFile(directory, "store", ".bin");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
        return file.toString();
    }

    private String file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "text", ".pem"), text).toString();
    }

    @Test
    void nothingGivenTrustsWhomTheJvmTrusts() {
        TlsSettings settings = SslSettings.of(Configured.with(Map.of()));

        assertThat(settings.checksNames()).isTrue();
        assertThat(settings.hasKey()).isFalse();
        assertThat(settings.protocols()).containsExactly("TLSv1.2", "TLSv1.3");
    }

    @Test
    void locationThatIsNoPathIsToldLikeOtherFaults() {
        assertRefused(Map.of("ssl.truststore.type", "PEM", "ssl.truststore.location", "trust\0.pem"), "ssl.truststore.location", "it is not the path of a file");
    }

    @Test
    void jksAndPkcs12AreRead() throws GeneralSecurityException, IOException {
        String jks = store("JKS", CLIENT, "store-secret", "key-secret");
        String pkcs12 = store("PKCS12", null, "store-secret", "");

        assertThatCode(() -> SslSettings.of(Configured.with(Map.of("ssl.keystore.location", jks, "ssl.keystore.password", "store-secret",
                "ssl.key.password", "key-secret", "ssl.truststore.type", "PKCS12", "ssl.truststore.location", pkcs12,
                "ssl.truststore.password", "store-secret")))).doesNotThrowAnyException();
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertRefused(Map.of("ssl.keystore.location", "/nowhere/key.jks", "ssl.keystore.password", "store-secret",
                        "ssl.truststore.location", "/nowhere/trust.jks"),
                "ssl.keystore.location=/nowhere/key.jks: there is no such file", "ssl.truststore.location=/nowhere/trust.jks: there is no such file");
    }

    @Test
    void wrongPasswordsAreToldWithoutThem() throws GeneralSecurityException, IOException {
        String jks = store("JKS", CLIENT, "store-secret", "key-secret");

        assertRefused(Map.of("ssl.keystore.location", jks, "ssl.keystore.password", "store-secret-not"), "ssl.keystore.password=****: it does not open " + jks);
        assertRefused(Map.of("ssl.keystore.location", jks, "ssl.keystore.password", "store-secret"), "ssl.key.password=****: it does not open the key 'app'");
        assertRefused(Map.of("ssl.keystore.location", jks), "ssl.keystore.password=(not given): the private key in " + jks + " cannot be read without it");
    }

    @Test
    void storesWithoutWhatTheyAreForAreRefused() throws GeneralSecurityException, IOException {
        String noKey = store("JKS", null, "store-secret", "");
        String noAuthority = store("JKS", CLIENT, "store-secret", "store-secret");

        assertRefused(Map.of("ssl.keystore.location", noKey, "ssl.keystore.password", "store-secret"), "there is no private key with a certificate in it");
        assertRefused(Map.of("ssl.truststore.location", noAuthority, "ssl.truststore.password", "store-secret"), "there is no trusted certificate in it");
    }

    @Test
    void filesOfAnotherFormAreToldFromThose() throws IOException {
        String text = file("this is no key store");

        assertRefused(Map.of("ssl.truststore.location", text), "ssl.truststore.location=" + text + ": it cannot be read as JKS");
        assertRefused(Map.of("ssl.truststore.type", "PEM", "ssl.truststore.location", text), "there is no certificate in it");
        assertRefused(Map.of("ssl.truststore.type", "BKS", "ssl.truststore.location", text), "JKS, PKCS12 and PEM are possible");
        assertRefused(Map.of("ssl.truststore.location", directory.toString()), "it is a directory");
        assertRefused(Map.of("ssl.truststore.location", file("")), "the file is empty");
    }

    @Test
    void keyOfAnotherCertificateIsRefused() {
        assertRefused(Map.of("ssl.keystore.type", "PEM", "ssl.keystore.key", ROOT.keyPem(), "ssl.keystore.certificate.chain", CLIENT.chainPem()),
                "the private key does not belong to the certificate CN=app");
    }

    @Test
    void pemIsReadFromOneFileOrFromText() throws IOException {
        String both = file("# our key\n" + CLIENT.keyPem() + "and its certificate\n" + CLIENT.chainPem());

        assertThat(SslSettings.of(Configured.with(Map.of("ssl.keystore.type", "PEM", "ssl.keystore.location", both))).hasKey()).isTrue();
        assertRefused(Map.of("ssl.keystore.type", "PEM", "ssl.keystore.location", both, "ssl.keystore.key", CLIENT.keyPem()),
                "give the key as a file or as text, not both");
        assertThat(SslSettings.of(Configured.with(Map.of("ssl.keystore.key", CLIENT.keyPem(), "ssl.keystore.certificate.chain", CLIENT.chainPem()))).hasKey())
                .as("a text can be nothing but PEM").isTrue();
        assertRefused(Map.of("ssl.keystore.type", "JKS", "ssl.keystore.key", CLIENT.keyPem()), "ssl.keystore.type=JKS: it must be PEM if the key or the certificates are given as text");
        assertRefused(Map.of("ssl.keystore.type", "PEM", "ssl.keystore.key", CLIENT.keyPem()), "ssl.keystore.certificate.chain", "there is no certificate");
        assertRefused(Map.of("ssl.keystore.type", "PEM", "ssl.keystore.location", both, "ssl.keystore.password", "store-secret"), "PEM has no such password");
    }

    @Test
    void unknownVersionsSuitesAndProvidersAreRefused() {
        assertRefused(Map.of("ssl.enabled.protocols", "TLSv1.3,TLSv9"), "this JVM does not have TLSv9");
        assertRefused(Map.of("ssl.cipher.suites", "TLS_NONE"), "this JVM does not have TLS_NONE");
        assertRefused(Map.of("ssl.provider", "Nobody"), "no provider of that name is installed");
        assertRefused(Map.of("ssl.protocol", "TLSv9"), "TLSv1.3 is right for almost everybody");
        assertRefused(Map.of("ssl.secure.random.implementation", "Dice"), "this JVM does not have it");
    }

    @Test
    void contextOfTheProgramsOwnStandsAlone() throws GeneralSecurityException {
        SSLContext own = SSLContext.getDefault();

        assertThatCode(() -> assertThat(SslSettings.of(Configured.with(Map.of("ssl.context", own))).source().context()).isSameAs(own)).doesNotThrowAnyException();
        assertRefused(Map.of("ssl.context", own, "ssl.truststore.location", "trust.jks"), "it does not count beside ssl.context");
        assertRefused(Map.of("ssl.context", "default"), "it must be given as an object");
    }

    @Test
    void classesAreNotLoadedByName() {
        assertRefused(Map.of("ssl.engine.factory.class", "com.example.Factory"), "give ssl.context as an object");
    }

    @Test
    void nameCheckIsHttpsOrNothing() {
        assertRefused(Map.of("ssl.endpoint.identification.algorithm", "LDAPS"), "it must be https, or empty");
    }
}
