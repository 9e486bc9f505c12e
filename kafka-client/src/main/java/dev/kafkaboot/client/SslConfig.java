package dev.kafkaboot.client;

import dev.kafkaboot.client.security.FixedSslContext;
import dev.kafkaboot.client.security.SslContextSource;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;

/** The configuration keys of TLS, which count where {@code security.protocol} is SSL or SASL_SSL. */
public final class SslConfig {

    /** A context of the program's own. */
    public static final ConfigKey<SslContextSource> CONTEXT = ConfigKey.object(
            "ssl.context", SslContextSource.class, "it must be given as an object, an SSLContext or a dev.kafkaboot.client.security.SslContextSource",
            value -> value instanceof SSLContext context ? new FixedSslContext(context) : null,
            "Keys and trust of the program's own, in place of all keys ssl.keystore.* and ssl.truststore.*. A source is asked at each connection, off the loop.");

    /** The protocol of the context. */
    public static final ConfigKey<String> PROTOCOL = ConfigKey.string(
            "ssl.protocol", "TLSv1.3", "Protocol of the SSLContext. Which versions are spoken is said by ssl.enabled.protocols.");

    /** The versions that are spoken. */
    public static final ConfigKey<List<String>> ENABLED_PROTOCOLS = ConfigKey.list(
            "ssl.enabled.protocols", List.of("TLSv1.2", "TLSv1.3"), "Versions of TLS that are spoken; the highest that the broker knows too is used.");

    /** The cipher suites. */
    public static final ConfigKey<List<String>> CIPHER_SUITES = ConfigKey.list(
            "ssl.cipher.suites", null, "Cipher suites that are offered, the preferred first; those of the JVM if none are given.");

    /** The security provider. */
    public static final ConfigKey<String> PROVIDER = ConfigKey.string(
            "ssl.provider", null, "Name of an installed security provider that TLS is taken from; the JVM's first one that has it if none is given.");

    /** Whether the broker's name is checked. */
    public static final ConfigKey<String> ENDPOINT_IDENTIFICATION = ConfigKey.custom(
            "ssl.endpoint.identification.algorithm", "string", "https", "it must be https, or empty",
            value -> switch (value.toString().strip().toLowerCase(Locale.ROOT)) {
                case "https" -> "https";
                case "" -> "";
                default -> null;
            },
            "Checks that the certificate is for the name (or IP address) that was connected to. If it is empty, any holder of a trusted certificate passes for the "
                    + "broker.");

    /** The form of the key store. */
    public static final ConfigKey<String> KEYSTORE_TYPE = ConfigKey.string(
            "ssl.keystore.type", "JKS", "Form of the key store: JKS, PKCS12 or PEM. A file that is one of the first two is read as either.");

    /** The file with the client's key. */
    public static final ConfigKey<String> KEYSTORE_LOCATION = ConfigKey.string(
            "ssl.keystore.location", null,
            "File with the client's private key and its certificate chain, for brokers that want a certificate. It is read anew when it has changed.");

    /** The key store's password. */
    public static final ConfigKey<Secret> KEYSTORE_PASSWORD = ConfigKey.secret("ssl.keystore.password", "Password of the key store; none for PEM.");

    /** The private key's password. */
    public static final ConfigKey<Secret> KEY_PASSWORD = ConfigKey.secret(
            "ssl.key.password", "Password of the private key: in a key store, if it is another than the store's; in PEM, if the key is encrypted.");

    /** The private key itself. */
    public static final ConfigKey<Secret> KEYSTORE_KEY = ConfigKey.secret(
            "ssl.keystore.key", "The client's private key as PEM text (ssl.keystore.type=PEM): PKCS#8, encrypted or not, PKCS#1 or SEC1 (KIP-651).");

    /** The certificates that belong to the private key. */
    public static final ConfigKey<String> KEYSTORE_CERTIFICATE_CHAIN = ConfigKey.string(
            "ssl.keystore.certificate.chain", null, "The client's certificate and those that it was issued by, as PEM text, for ssl.keystore.key.");

    /** The algorithm of the key manager. */
    public static final ConfigKey<String> KEYMANAGER_ALGORITHM = ConfigKey.string(
            "ssl.keymanager.algorithm", null, "Algorithm of the KeyManagerFactory; the JVM's own if none is given.");

    /** The form of the trust store. */
    public static final ConfigKey<String> TRUSTSTORE_TYPE = ConfigKey.string(
            "ssl.truststore.type", "JKS", "Form of the trust store: JKS, PKCS12 or PEM. A file that is one of the first two is read as either.");

    /** The file with the authorities that are trusted. */
    public static final ConfigKey<String> TRUSTSTORE_LOCATION = ConfigKey.string(
            "ssl.truststore.location", null,
            "File with the certificates of the authorities that are trusted; the JVM's own if there is none. It is read anew when it has changed.");

    /** The trust store's password. */
    public static final ConfigKey<Secret> TRUSTSTORE_PASSWORD = ConfigKey.secret("ssl.truststore.password", "Password of the trust store; none for PEM.");

    /** The authorities themselves. */
    public static final ConfigKey<String> TRUSTSTORE_CERTIFICATES = ConfigKey.string(
            "ssl.truststore.certificates", null, "Certificates of the authorities that are trusted, as PEM text (ssl.truststore.type=PEM, KIP-651).");

    /** The algorithm of the trust manager. */
    public static final ConfigKey<String> TRUSTMANAGER_ALGORITHM = ConfigKey.string(
            "ssl.trustmanager.algorithm", null, "Algorithm of the TrustManagerFactory; the JVM's own if none is given.");

    /** The source of randomness. */
    public static final ConfigKey<String> SECURE_RANDOM = ConfigKey.string(
            "ssl.secure.random.implementation", null, "Algorithm of the SecureRandom for TLS; the JVM's own if none is given.");

    /** Those that say where keys and trust come from: {@link #CONTEXT} takes their place. */
    public static final List<ConfigKey<?>> MATERIAL_KEYS = List.of(
            PROTOCOL, PROVIDER, KEYSTORE_TYPE, KEYSTORE_LOCATION, KEYSTORE_PASSWORD, KEY_PASSWORD, KEYSTORE_KEY, KEYSTORE_CERTIFICATE_CHAIN,
            KEYMANAGER_ALGORITHM, TRUSTSTORE_TYPE, TRUSTSTORE_LOCATION, TRUSTSTORE_PASSWORD, TRUSTSTORE_CERTIFICATES, TRUSTMANAGER_ALGORITHM, SECURE_RANDOM);

    /** Every key, in the order of the reference. */
    public static final List<ConfigKey<?>> KEYS = ConfigKey.union(
            List.of(CONTEXT, ENABLED_PROTOCOLS, CIPHER_SUITES, ENDPOINT_IDENTIFICATION), MATERIAL_KEYS);

    private SslConfig() {}
}
